// The words of the simulated department store: leaves of the category tree, brands, colours. Every
// brand and series name is invented.

export const STYLES = ['nordic', 'rustic', 'classic', 'modern', 'playful', 'natural'];

/** Colours by the style that likes them most; every name is also a tag and a key of the pictures. */
export const COLOURS = {
  chalk: ['nordic', 'classic', 'modern'], oat: ['nordic', 'natural', 'rustic'],
  sand: ['natural', 'rustic', 'nordic'], clay: ['rustic', 'natural'],
  rust: ['rustic', 'classic'], mustard: ['playful', 'rustic'], sage: ['natural', 'nordic'],
  moss: ['natural', 'rustic'], forest: ['classic', 'natural'], mint: ['playful', 'nordic'],
  sky: ['playful', 'nordic'], denim: ['modern', 'classic'], navy: ['classic', 'modern'],
  plum: ['classic', 'playful'], blush: ['playful', 'nordic'], coral: ['playful', 'modern'],
  charcoal: ['modern', 'nordic'], black: ['modern', 'classic'],
};

const SOFT = 'chalk oat sand clay rust mustard sage moss forest mint sky denim navy plum blush coral charcoal';
const HARD = 'chalk oat sand clay rust mustard sage forest sky navy blush coral charcoal black';
const DARK = 'chalk sand clay rust sage forest denim navy plum charcoal black';

/* One leaf: path, picture (also the start of its ids), price range of a middle brand, colours, four
 * nouns (the picture has a drawing for each), materials, features. */
const leaf = (path, picture, low, high, colours, nouns, materials, features) => ({
  path, picture, low, high, colours: colours.split(' '), nouns: nouns.split('|'),
  materials: materials.split('|'), features: features.split('|'),
  department: path.slice(0, path.indexOf('/')),
});

export const LEAVES = [
  leaf('Kitchen/Mugs', 'mug', 9, 22, HARD, 'Mug|Mug|Latte Mug|Tumbler Mug', 'stoneware|porcelain|enamel', 'Speckled|Footed|Tall|Stacking|Ribbed|Everyday'),
  leaf('Kitchen/Pans', 'pan', 38, 120, HARD, 'Frying Pan|Sauté Pan|Casserole|Skillet', 'cast iron|steel|aluminium', 'Deep|24 cm|28 cm|Non-Stick|Everyday'),
  leaf('Kitchen/Knives', 'knife', 24, 110, DARK, 'Chef’s Knife|Paring Knife|Bread Knife|Santoku', 'steel|oak-handled|walnut-handled', 'Forged|Serrated|Balanced|16 cm|20 cm'),
  leaf('Dining/Plates', 'plate', 8, 28, HARD, 'Dinner Plate|Side Plate|Pasta Bowl|Plate', 'stoneware|porcelain|enamel', 'Rimmed|Coupe|Speckled|Glazed|Scalloped'),
  leaf('Dining/Glasses', 'glass', 6, 24, 'chalk sand sage mint sky blush coral plum charcoal', 'Tumbler|Wine Glass|Highball|Water Glass', 'glass|crystal', 'Ribbed|Stemless|Fluted|Hand-Blown|Stacking'),
  leaf('Dining/Carafes', 'carafe', 18, 52, 'chalk sand sage mint sky blush charcoal forest', 'Carafe|Water Jug|Decanter|Pitcher', 'glass|stoneware|crystal', 'Tall|Lidded|Fluted|One-Litre|Ribbed'),
  leaf('Coffee & Tea/Coffee Makers', 'coffee', 29, 140, DARK, 'Cafetière|Pour-Over Set|Moka Pot|Coffee Maker', 'glass|steel|aluminium', 'Three-Cup|Six-Cup|Double-Wall|Slow|Travel'),
  leaf('Coffee & Tea/Teapots', 'teapot', 24, 78, HARD, 'Teapot|Teapot|Infuser Teapot|Tea Set', 'stoneware|porcelain|cast iron', 'Round|Two-Cup|Glazed|Family|Low'),
  leaf('Coffee & Tea/Kettles', 'kettle', 32, 130, HARD, 'Kettle|Stovetop Kettle|Gooseneck Kettle|Whistling Kettle', 'steel|enamel|copper', 'Slim|Family|Quiet|1.2-Litre'),
  leaf('Bed & Bath/Bedding', 'bedding', 48, 160, SOFT, 'Duvet Set|Duvet Cover|Bed Linen Set|Sheet Set', 'linen|cotton|percale', 'Washed|Striped|Double|King|Crisp'),
  leaf('Bed & Bath/Towels', 'towel', 14, 48, SOFT, 'Bath Towel|Towel Set|Hand Towel|Bath Sheet', 'cotton|linen|waffle cotton', 'Plush|Fringed|Striped|Quick-Dry|Ribbed'),
  leaf('Bed & Bath/Throws', 'throw', 36, 120, SOFT, 'Throw|Blanket|Bed Throw|Sofa Throw', 'wool|cotton|mohair', 'Fringed|Herringbone|Chunky|Checked|Light'),
  leaf('Furniture/Armchairs', 'armchair', 220, 780, SOFT, 'Armchair|Lounge Chair|Reading Chair|Tub Chair', 'bouclé|linen|velvet', 'Low|Wingback|Deep|Compact|Oak-Leg'),
  leaf('Furniture/Side Tables', 'table', 70, 290, HARD, 'Side Table|Coffee Table|Nightstand|Tray Table', 'oak|walnut|ash|steel', 'Round|Nesting|Low|Slim|Pedestal'),
  leaf('Furniture/Shelves', 'shelf', 60, 340, HARD, 'Bookcase|Wall Shelf|Shelving Unit|Ladder Shelf', 'oak|walnut|ash|steel', 'Open|Four-Tier|Narrow|Wide|Modular'),
  leaf('Lighting/Table Lamps', 'lamp', 42, 190, HARD, 'Table Lamp|Bedside Lamp|Desk Lamp|Accent Lamp', 'stoneware|brass|oak|glass', 'Dimmable|Dome|Slim|Mushroom|Pleated'),
  leaf('Lighting/Pendants', 'pendant', 58, 260, HARD, 'Pendant|Pendant Shade|Ceiling Light|Dome Pendant', 'brass|rattan|glass|steel', 'Wide|Small|Cluster|Ribbed|Woven'),
  leaf('Lighting/Candles', 'candle', 12, 46, SOFT, 'Scented Candle|Candle|Pillar Candle|Candle Trio', 'soy wax|beeswax|glass', 'Fig & Cedar|Sea Salt|Amber|Lavender|Woodsmoke|Unscented'),
  leaf('Decor/Vases', 'vase', 18, 92, SOFT, 'Vase|Bud Vase|Floor Vase|Stem Vase', 'stoneware|glass|terracotta', 'Curved|Ribbed|Slender|Moon|Wide-Neck'),
  leaf('Decor/Prints', 'print', 22, 110, SOFT, 'Print|Framed Print|Art Print|Print Pair', 'oak|ash|paper', 'Coastline|Botanical|Abstract|Still Life|Hills|Arches'),
  leaf('Decor/Clocks', 'clock', 28, 130, HARD, 'Wall Clock|Clock|Mantel Clock|Alarm Clock', 'oak|steel|brass', 'Silent|Station|Minimal|Large|Rounded'),
  leaf('Garden/Planters', 'planter', 14, 88, HARD, 'Planter|Plant Pot|Planter on Stand|Hanging Pot', 'terracotta|stoneware|steel', 'Ribbed|Tall|Self-Watering|Footed|Speckled'),
  leaf('Garden/Watering Cans', 'can', 18, 64, HARD, 'Watering Can|Indoor Watering Can|Long-Spout Can|Plant Mister', 'steel|copper|enamel', 'Slim|Five-Litre|Balanced|Little|Classic'),
  leaf('Garden/Hand Tools', 'trowel', 12, 48, DARK, 'Hand Trowel|Hand Fork|Weeder|Secateurs', 'steel|ash|copper', 'Forged|Narrow|Long-Reach|Riveted|Stainless'),
  leaf('Outdoors/Tents', 'tent', 140, 520, 'sand clay rust mustard sage moss forest sky navy coral charcoal', 'Two-Person Tent|Dome Tent|Tunnel Tent|Trail Tent', 'ripstop|canvas|nylon', 'Light|Three-Season|Quick-Pitch|Storm|Family'),
  leaf('Outdoors/Backpacks', 'backpack', 48, 190, 'sand clay rust mustard sage moss forest sky navy plum coral charcoal black', 'Backpack|Daypack|Trail Pack|Roll-Top Pack', 'canvas|nylon|ripstop', '18-Litre|28-Litre|Commuter|Foldaway|Rain-Proof'),
  leaf('Outdoors/Flasks', 'flask', 16, 52, HARD, 'Flask|Water Bottle|Vacuum Bottle|Trail Mug', 'steel|aluminium|glass', 'Insulated|Half-Litre|Wide-Mouth|Slim|One-Litre'),
  leaf('Clothing/Jumpers', 'jumper', 48, 180, SOFT, 'Jumper|Crew-Neck Jumper|Cardigan|Roll-Neck Jumper', 'lambswool|merino|cotton|cashmere', 'Cable-Knit|Ribbed|Relaxed|Fine|Chunky'),
  leaf('Clothing/T-Shirts', 'tee', 16, 58, SOFT, 'T-Shirt|Long-Sleeve Tee|Pocket Tee|Breton Tee', 'cotton|organic cotton|linen', 'Heavyweight|Boxy|Striped|Slub|Everyday'),
  leaf('Clothing/Jackets', 'jacket', 88, 340, SOFT, 'Jacket|Chore Jacket|Rain Jacket|Overshirt', 'canvas|waxed cotton|wool|nylon', 'Quilted|Hooded|Boxy|Field|Packable'),
  leaf('Shoes/Trainers', 'trainer', 58, 180, SOFT, 'Trainers|Court Trainers|Runners|Low-Tops', 'leather|canvas|suede|knit', 'Retro|Cushioned|Trail|Everyday|Low'),
  leaf('Shoes/Boots', 'boot', 98, 290, 'sand clay rust mustard moss forest navy plum charcoal black', 'Chelsea Boots|Hiking Boots|Ankle Boots|Lace-Up Boots', 'leather|suede|waxed leather', 'Weatherproof|Cleated|Soft|Mid|Insulated'),
  leaf('Shoes/Sandals', 'sandal', 34, 120, SOFT, 'Sandals|Slides|Cork Sandals|Strap Sandals', 'leather|cork|suede', 'Two-Strap|Woven|Buckled|Cushioned|Flat'),
  leaf('Accessories/Tote Bags', 'tote', 22, 150, SOFT, 'Tote Bag|Shopper|Market Bag|Weekend Tote', 'canvas|leather|cotton', 'Large|Zipped|Structured|Foldaway|Everyday'),
  leaf('Accessories/Scarves', 'scarf', 24, 98, SOFT, 'Scarf|Wrap|Snood|Blanket Scarf', 'lambswool|cashmere|cotton', 'Fringed|Checked|Wide|Fine|Ribbed'),
  leaf('Accessories/Hats', 'hat', 18, 68, SOFT, 'Beanie|Bobble Hat|Fisherman Beanie|Watch Cap', 'lambswool|merino|cotton', 'Ribbed|Cable-Knit|Chunky|Fine|Cuffed'),
  leaf('Desk/Notebooks', 'notebook', 8, 34, SOFT, 'Notebook|Journal|Weekly Planner|Sketchbook', 'paper|linen|leather', 'Dotted|Ruled|A5|Lay-Flat|Pocket'),
  leaf('Desk/Pens', 'pen', 9, 88, HARD, 'Fountain Pen|Rollerball|Ballpoint Pen|Mechanical Pencil', 'brass|aluminium|steel', 'Slim|Hexagonal|Fine-Nib|Pocket|Weighted'),
  leaf('Desk/Organisers', 'organiser', 16, 78, HARD, 'Desk Organiser|Pen Tray|Letter Tray|Desk Caddy', 'oak|steel|walnut|cork', 'Stacking|Three-Part|Slim|Modular|Low'),
  leaf('Play/Soft Toys', 'bear', 14, 48, SOFT, 'Bear|Soft Bear|Comforter Bear|Little Bear', 'cotton|linen|plush', 'Corduroy|Floppy|Knitted|Sleepy|Pocket'),
  leaf('Play/Building Blocks', 'blocks', 18, 72, SOFT, 'Building Blocks|Stacking Set|Block Castle|Arch Stacker', 'beech|maple|cork', '24-Piece|48-Piece|First|Rainbow|Travel'),
  leaf('Play/Puzzles', 'puzzle', 12, 42, SOFT, 'Jigsaw Puzzle|Floor Puzzle|Shape Puzzle|Puzzle Box', 'beech|card|maple', '500-Piece|1000-Piece|First|Woodland|Harbour|Planets'),
  leaf('Audio/Headphones', 'headphones', 58, 320, DARK, 'Headphones|Over-Ear Headphones|On-Ear Headphones|Studio Headphones', 'aluminium|leather|fabric', 'Wireless|Quiet|Foldable|Light|Long-Play'),
  leaf('Audio/Speakers', 'speaker', 48, 360, HARD, 'Speaker|Shelf Speaker|Portable Speaker|Room Speaker', 'oak|walnut|fabric|aluminium', 'Compact|Stereo|Wireless|Splash-Proof|Little'),
  leaf('Audio/Turntables', 'turntable', 130, 540, HARD, 'Turntable|Record Player|Belt-Drive Turntable|Turntable Set', 'oak|walnut|aluminium', 'Automatic|Manual|Two-Speed|Portable|Studio'),
];

/** What goes with what: mission leaf -> leaves that complete it, strongest first. */
export const GOES_WITH = {
  mug: 'coffee teapot plate', pan: 'knife plate kettle', knife: 'pan plate organiser',
  plate: 'glass carafe mug', glass: 'carafe plate candle', carafe: 'glass plate vase',
  coffee: 'mug kettle flask', teapot: 'mug kettle towel', kettle: 'teapot coffee mug',
  bedding: 'throw lamp towel', towel: 'bedding candle throw', throw: 'bedding armchair candle',
  armchair: 'table throw lamp', table: 'lamp armchair vase', shelf: 'vase print organiser',
  lamp: 'table notebook shelf', pendant: 'table lamp print', candle: 'vase throw towel',
  vase: 'candle shelf print', print: 'clock vase shelf', clock: 'print shelf lamp',
  planter: 'can trowel vase', can: 'planter trowel', trowel: 'planter can hat',
  tent: 'backpack flask boot', backpack: 'flask boot jacket', flask: 'backpack tent mug',
  jumper: 'scarf hat jacket', tee: 'trainer tote sandal', jacket: 'boot scarf backpack',
  trainer: 'tee backpack flask', boot: 'jacket scarf hat', sandal: 'tote tee towel',
  tote: 'scarf notebook sandal', scarf: 'hat jumper jacket', hat: 'scarf jumper boot',
  notebook: 'pen organiser tote', pen: 'notebook organiser', organiser: 'pen notebook lamp',
  bear: 'blocks puzzle throw', blocks: 'puzzle bear', puzzle: 'blocks bear notebook',
  headphones: 'speaker backpack', speaker: 'turntable shelf headphones',
  turntable: 'speaker shelf headphones',
};

/* name | tier 1 value, 2 middle, 3 fine | style | first letters of departments below */
const DEPARTMENT_OF = {
  k: 'Kitchen', d: 'Dining', c: 'Coffee & Tea', b: 'Bed & Bath', f: 'Furniture', l: 'Lighting',
  e: 'Decor', g: 'Garden', o: 'Outdoors', w: 'Clothing', s: 'Shoes', a: 'Accessories', n: 'Desk',
  p: 'Play', u: 'Audio',
};
export const DEPARTMENTS = Object.values(DEPARTMENT_OF);

const BRAND_ROWS = `
Norrvik|2|nordic|kdc;Tarnhus|3|nordic|fle;Aldervale|2|rustic|kdg;Brindlow|1|rustic|keb;Quillmere|2|classic|ne
Ostrell|3|modern|lfu;Fennick|1|playful|pnd;Sorrelby|2|natural|bge;Haldane Mill|3|classic|bwa;Pippenworth|2|playful|pk
Veldra|2|modern|kcu;Mossmarch|2|natural|go;Larkfold|1|nordic|bed;Cindermoor|3|rustic|kcl;Ravensby|3|classic|wsa
Juniper Row|1|natural|wab;Stellig|2|nordic|lf;Oxbarrow|2|rustic|ogw;Tindra Works|2|modern|nlu;Marenko|3|modern|uf
Wickerlane|1|rustic|fga;Solvang & Lind|3|nordic|dbw;Bramblecote|2|playful|pbe;Kestrelby|2|modern|ows;Hobbin|1|playful|pwn
Greyling|1|modern|knf;Ashdown Pike|3|rustic|osw;Lumera|2|natural|lbe;Penhallow|3|classic|nda;Tolliver|2|classic|sa
Nordahl Ceramics|3|nordic|dec;Pebblewick|1|natural|lde;Dunmarsh|1|classic|wsg;Iverleaf|2|natural|ga;Corvane|3|modern|kul
Mirabeck|2|playful|wad;Thornaby|2|classic|fbl;Saltholm|2|nordic|bws;Fieldhouse No. 9|2|rustic|nwo;Arkwell|1|modern|uo
Otterby|1|playful|oap;Linnea Park|2|nordic|pwb;Copperwain|3|classic|kcg;Yarrow & Fell|2|natural|wa;Basten|2|modern|fne
Plumstead Lane|1|classic|dcb;Zellig|2|playful|led;Hearthrow|2|rustic|kcf;Windermark|3|natural|ogs;Tamsel|1|natural|wsb
Echo Hollow|2|natural|u;Brightwater|1|modern|cko;Fable & Fern|3|playful|pe;Lowther|3|classic|fuc;Runa|1|nordic|sad
Carrick Row|2|rustic|sa;Edda Paper|3|nordic|n;Vintner Hall|3|classic|d;Tuva Sound|2|nordic|un;Glenwhin|3|rustic|wga
Moorgate Tools|2|classic|g;Skylark Trading|1|playful|sgc;Hollis Grove|1|rustic|fle`;

export const BRANDS = BRAND_ROWS.trim().split(/[;\n]/).map((row) => {
  const [name, tier, style, codes] = row.split('|');
  return { name, tier: Number(tier), style, departments: [...codes].map((c) => DEPARTMENT_OF[c]) };
});

/** First words of titles: one for each design. */
export const SERIES = `Aske Alba Alder Arbor Arden Aria Aster Bay Bergen Birk Blythe Bodie Brae Briar
Brook Calla Cove Dale Darrow Drift Dune Eden Ekko Elm Ember Enna Esker Fara Farrow Fell Fen Finch Fjord
Flint Fold Frey Gale Garth Glade Halden Hale Haven Hazel Hearth Heath Holm Hule Ida Inga Isla Ivy Juno
Kai Karo Kelda Kin Kirk Lark Leif Lido Lind Lowe Luma Lune Lyra Maren Marlo Mere Mila Mira Moor Nell
Nest Nia Nook Nova Oda Olin Orla Osk Otis Pax Pell Perle Pine Rae Reed Ridge Rill Rowan Runa Saga Sable
Selby Senna Skerry Sol Sorrel Stella Stow Strand Sunne Tarn Tavi Tern Thea Tide Tilda Torv Ulla Una Vale
Varde Vega Vesper Vida Wells Weir Wilda Wren Yara Yule`.split(/\s+/);
