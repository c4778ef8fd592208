// Two more worlds for the demo, in words: a music service and a school. What differs from the shop is
// data: the names of things, and the verbs of the log. Every artist, school and title is invented.

/* topic | what goes on to (strongest first) | moods or skills that it leans to */
const topic = (path, next, leans, words) => ({ path, group: path.split('/')[0], name: path.split('/')[1],
  next: next.split('|'), leans: leans.split(' '), words: words.split('|') });

const MUSIC = {
  name: 'music', prefix: 't', makers: 5, perMaker: 6, drawing: 'cover',
  traits: ['calm', 'warm', 'bright', 'dark', 'restless', 'dreamy'],
  extra: ['1970s', '1980s', '1990s', '2000s', '2010s', '2020s'],
  topics: [
    topic('Jazz/Piano Trio', 'Cool Jazz|Solo Piano', 'calm warm', 'Blue Hour|Late Train|Corner Table|Rain Ballad|Second Chorus|Quiet Key'),
    topic('Jazz/Cool Jazz', 'Piano Trio|Bossa', 'calm dreamy', 'West Window|Smoke Signal|Half Moon|Slow Elevator|Linen Suit|Low Tide'),
    topic('Jazz/Bossa', 'Cool Jazz|Soul', 'warm bright', 'Sand Street|Green Shutters|Open Balcony|Coconut Radio|Ferry Song|Sunday Sea'),
    topic('Classical/Solo Piano', 'Strings|Piano Trio', 'calm dreamy', 'Prelude in Grey|Nocturne for Nobody|Small Waltz|Snow Study|Lantern Etude|Winter Sonatina'),
    topic('Classical/Strings', 'Solo Piano|Choir', 'calm dark', 'Adagio for Elms|Quartet of Rivers|Four Hands of Wind|Cathedral Air|Elegy in Pine|Serenade at Dusk'),
    topic('Classical/Choir', 'Strings|Ambient', 'dreamy warm', 'Evening Canon|Psalm of Hills|White Vespers|Morning Antiphon|Candle Round|Sea Litany'),
    topic('Electronic/Ambient', 'Downtempo|Choir', 'calm dreamy', 'Glass Weather|Slow Satellite|Tidal Memory|Nine Clouds|Soft Machine Room|Drift Map'),
    topic('Electronic/Downtempo', 'Ambient|House', 'warm dreamy', 'Night Bus Dub|Velvet Loop|Copper Beat|After Four|Slow Neon|Low Sun'),
    topic('Electronic/House', 'Techno|Disco', 'bright restless', 'Warehouse Summer|Hands Up Slowly|Chrome Piano|Weekend Key|Balcony Drop|Open Air'),
    topic('Electronic/Techno', 'House|Downtempo', 'dark restless', 'Concrete Pulse|Substation|Tunnel Loop|Iron Circuit|Black Hangar|Grid North'),
    topic('Rock/Indie', 'Shoegaze|Folk Rock', 'bright restless', 'Borrowed Bike|Cheap Sunglasses|Kitchen Party|Postcard Riot|Last Lemonade|Paper Crown'),
    topic('Rock/Shoegaze', 'Indie|Ambient', 'dreamy dark', 'Milk and Static|Pale Engine|Blurred Coast|Honey Noise|Sleepwalker Pop|Cotton Wall'),
    topic('Rock/Garage', 'Indie|Punk', 'restless dark', 'Broken Amp|Gasoline Choir|Two Chords Left|Basement Heat|Rust Motel|Loud Porch'),
    topic('Rock/Punk', 'Garage|Indie', 'restless bright', 'No Encore|Ninety Seconds|Shut the Mall|Brick Radio|Bus Stop Army|Cheap Thunder'),
    topic('Folk/Singer-Songwriter', 'Folk Rock|Country', 'warm calm', 'Letters Home|Kettle Song|My Father’s Coat|Long Division|Orchard Gate|Harbour Lights'),
    topic('Folk/Folk Rock', 'Singer-Songwriter|Indie', 'warm bright', 'Riverboat Hymn|Barn Door|Copper Hills|Old Mile|Wren on the Wire|Hay Moon'),
    topic('Folk/Country', 'Singer-Songwriter|Blues', 'warm restless', 'Dust and Diesel|Empty Saddle|Two-Lane Heart|County Line|Porch Swing Waltz|Silver Buckle'),
    topic('Soul/Soul', 'Funk|Blues', 'warm bright', 'Sweet Delay|Golden Cuff|Call Me Tuesday|Sugar Street|Honest Heat|Slow Parade'),
    topic('Soul/Funk', 'Disco|Soul', 'bright restless', 'Elbow Room|Chicken Wire|Thick as Thieves|Bass in the Hall|Left Foot Fire|Tight Shoes'),
    topic('Soul/Disco', 'House|Funk', 'bright warm', 'Mirror Season|Roller Queen|Midnight Coupon|Satin Elevator|Love on Layaway|Glitter Tax'),
    topic('Soul/Blues', 'Soul|Country', 'dark warm', 'Bad Weather Blues|Tin Roof|Old Suitcase|Levee Walk|Cold Coffee|Midnight Ledger'),
    topic('World/Afrobeat', 'Funk|Highlife', 'bright restless', 'Market Fire|Lagoon Road|Long Groove|Brass Sunrise|Thirteen Drums|City Generator'),
    topic('World/Highlife', 'Afrobeat|Bossa', 'bright warm', 'Palm Wine Letter|Saturday Cloth|Silver Guitar|Sweet Harbour|Uncle’s Radio|Long Table'),
    topic('World/Fado', 'Singer-Songwriter|Strings', 'dark calm', 'Steep Street|Black Shawl|Salt Window|The Last Tram|Anchor Song|Seven Hills'),
  ],
  makerWords: ['The', 'Velvet|Paper|Northern|Copper|Silent|Golden|Hollow|Little|Electric|Wooden|Distant|Blue', 'Lanterns|Foxes|Harbour|Orchard|Engines|Sparrows|Letters|Meridian|Almanac|Tides|Caravan|Atlas'],
  soloWords: ['Mira|Anders|Odile|Kwame|Lena|Tomas|Ines|Yusuf|Clara|Mateo|Freya|Jonas|Amara|Silas|Noor|Elif', 'Vall|Okonjo|Brandt|Serrano|Lindqvist|Amadi|Moreau|Hale|Castellan|Vesper|Duarte|Winter|Achebe|Roux|Holm|Sato'],
  verbs: { look: 'play', like: 'like', keep: 'add_to_playlist', done: '', no: 'skip' },
  typeMap: 'play=view_item,like=add_to_wishlist,add_to_playlist=add_to_cart,skip=dismiss',
};

const COURSES = {
  name: 'courses', prefix: 'c', makers: 4, perMaker: 4, drawing: 'course',
  traits: ['hands-on', 'theory', 'project', 'short', 'certificate', 'live'],
  extra: ['beginner', 'intermediate', 'advanced'],
  topics: [
    topic('Programming/Python', 'Data Analysis|Web Development', 'hands-on project', 'Python from Zero|Python for the Patient|Functions and Files|Testing in Python'),
    topic('Programming/Web Development', 'Interface Design|Python', 'project hands-on', 'Your First Page|Forms That Work|Servers Explained|Accessible by Default'),
    topic('Programming/Systems in C', 'Python|Electronics', 'theory hands-on', 'Pointers Without Fear|Memory by Hand|Build Your Own Shell|Sockets and Threads'),
    topic('Data/Data Analysis', 'Statistics|Machine Learning', 'project certificate', 'Tables that Talk|Clean Data|Charts for Colleagues|Questions to Queries'),
    topic('Data/Statistics', 'Machine Learning|Data Analysis', 'theory certificate', 'Chance for Everyone|Regression Step by Step|Experiments That Tell|Bayes at Work'),
    topic('Data/Machine Learning', 'Statistics|Systems in C', 'theory project', 'Learning from Examples|Networks from Scratch|Ranking Things|Models in Production'),
    topic('Design/Interface Design', 'Typography|Web Development', 'project live', 'Seeing Interfaces|Wireframes to Words|Colour on Screens|Design Reviews'),
    topic('Design/Typography', 'Interface Design|Illustration', 'theory hands-on', 'Letters First|Pairing Typefaces|Grids and Margins|Drawing a Typeface'),
    topic('Design/Illustration', 'Typography|Photography', 'hands-on live', 'Draw Every Day|Ink and Wash|Characters|Picture Books'),
    topic('Languages/Spanish', 'Italian|World Cooking', 'live short', 'Spanish for Travellers|Spanish Verbs at Last|Spanish Conversations|Spanish Novels'),
    topic('Languages/Italian', 'Spanish|World Cooking', 'live short', 'Italian at Table|Italian Past Tenses|Italian by Film|Italian for Work'),
    topic('Languages/Japanese', 'Illustration|World Cooking', 'live theory', 'Kana in a Week|Japanese Sentences|Everyday Kanji|Japanese News'),
    topic('Business/Bookkeeping', 'Small Business|Data Analysis', 'certificate short', 'Ledgers for Beginners|VAT Made Bearable|Closing the Year|Reading a Balance'),
    topic('Business/Small Business', 'Marketing|Bookkeeping', 'project certificate', 'From Idea to Invoice|Pricing Your Work|Hiring the First One|Contracts in Plain Words'),
    topic('Business/Marketing', 'Small Business|Interface Design', 'short project', 'Words That Sell Honestly|Newsletters|Search Basics|Measure What Matters'),
    topic('Kitchen/Bread', 'World Cooking|Preserving', 'hands-on short', 'The First Loaf|Sourdough Calmly|Buns and Braids|Baking for a Market'),
    topic('Kitchen/World Cooking', 'Bread|Preserving', 'hands-on live', 'Noodles and Broth|Curries from Seeds|Tapas Evenings|Street Food at Home'),
    topic('Kitchen/Preserving', 'Bread|Growing Food', 'hands-on short', 'Jam Without Panic|Pickles|Ferments|Smoke and Salt'),
    topic('Outdoors/Growing Food', 'Preserving|Woodwork', 'hands-on project', 'A Balcony Garden|Compost Truths|Winter Vegetables|Fruit Trees'),
    topic('Outdoors/Navigation', 'Photography|Growing Food', 'hands-on short', 'Map and Compass|Weather Signs|Night Walks|Leading a Group'),
    topic('Making/Woodwork', 'Electronics|Growing Food', 'hands-on project', 'A Stool in a Weekend|Joints That Hold|Sharpening|A Cabinet'),
    topic('Making/Electronics', 'Systems in C|Woodwork', 'hands-on project', 'First Circuits|Soldering|Sensors|A Radio from Parts'),
    topic('Making/Photography', 'Illustration|Navigation', 'hands-on live', 'Light and Shadow|Portraits|Prints in the Dark|A Photo Essay'),
  ],
  makerWords: ['', 'Elm|River|Open|North|Lantern|Quarry|Harbour|Plain|Mill|Garden|Copper|Hill|Meadow|Tower', 'Street School|Hall|Workshop|Evening College|Academy|House|Campus|Studio'],
  soloWords: null,
  verbs: { look: 'open', like: 'save', keep: 'enrol', done: 'finish', no: 'hide' },
  typeMap: 'open=view_item,save=add_to_wishlist,enrol=add_to_cart,finish=purchase,hide=dismiss',
};

export const DOMAINS = { music: MUSIC, courses: COURSES };
