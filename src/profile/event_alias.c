/* The one table of event names, a row a kind and a column a system, read by the command line tool
 * and, through the wasm, by the page. Names stand as their systems spell them; a lookup compares
 * without case and takes blanks, '-' and '_' for one another, so that "Add To Cart" needs no row.
 * A system with two names for a kind divides them by '|'. */
#include "vitrine/event.h"

enum { GOOGLE_RETAIL, SEGMENT, SHOPIFY, ADOBE, RECOMBEE, PLAIN_LOGS, SYSTEMS };

static const struct {
    const char *canonical;
    const char *alias[SYSTEMS];
} NAMES[VITRINE_EVENT_KINDS] = {
    [VITRINE_VIEW_ITEM] = {"view_item",
                           {"detail-page-view", "Product Viewed", "product_viewed",
                            "productPageView", "AddDetailView", "view|pv"}},
    [VITRINE_SELECT_ITEM] = {"select_item",
                             {NULL, "Product Clicked", NULL, "searchProductClick", NULL, "click"}},
    [VITRINE_ADD_TO_CART] = {"add_to_cart",
                             {"add-to-cart", "Product Added|Wishlist Product Added to Cart",
                              "product_added_to_cart", "addToCart", "AddCartAddition", "cart"}},
    [VITRINE_REMOVE_FROM_CART] = {"remove_from_cart",
                                  {"remove-from-cart", "Product Removed",
                                   "product_removed_from_cart", "removeFromCart", NULL, NULL}},
    [VITRINE_ADD_TO_WISHLIST] = {"add_to_wishlist",
                                 {"add-to-list", "Product Added to Wishlist", NULL, NULL,
                                  "AddBookmark", "fav|favourite|favorite|wishlist"}},
    [VITRINE_REMOVE_FROM_WISHLIST] = {"remove_from_wishlist",
                                      {"remove-from-list", "Product Removed from Wishlist", NULL,
                                       NULL, NULL, NULL}},
    [VITRINE_PURCHASE] = {"purchase",
                          {"purchase-complete", "Order Completed", "checkout_completed",
                           "placeOrder", "AddPurchase", "buy|order|transaction"}},
    [VITRINE_REFUND] = {"refund",
                        {"refund", "Order Refunded|Order Cancelled", NULL, NULL, NULL, NULL}},
    [VITRINE_RATE] = {"rate", {NULL, "Product Reviewed", NULL, NULL, "AddRating", "rating"}},
    [VITRINE_DISMISS] = {"dismiss", {NULL, NULL, NULL, NULL, NULL, NULL}},
    [VITRINE_VIEW_ITEM_LIST] = {"view_item_list",
                                {"category-page-view", "Product List Viewed|Product List Filtered",
                                 "collection_viewed", NULL, NULL, NULL}},
    [VITRINE_SEARCH] = {"search",
                        {"search", "Products Searched", "search_submitted", "searchRequestSent",
                         NULL, NULL}},
    [VITRINE_VIEW_CART] = {"view_cart",
                           {"shopping-cart-page-view", "Cart Viewed", "cart_viewed",
                            "shoppingCartView", NULL, NULL}},
    [VITRINE_BEGIN_CHECKOUT] = {"begin_checkout",
                                {"checkout-start", "Checkout Started", "checkout_started",
                                 "initiateCheckout", NULL, NULL}},
    [VITRINE_REC_RENDER] = {"rec_render", {NULL, NULL, NULL, "recsUnitRender", NULL, NULL}},
    [VITRINE_REC_VIEW] = {"rec_view", {NULL, NULL, NULL, "recsUnitView", NULL, NULL}},
    [VITRINE_REC_CLICK] = {"rec_click", {NULL, NULL, NULL, "recsItemClick", NULL, NULL}},
    [VITRINE_REC_ADD_TO_CART] = {"rec_add_to_cart",
                                 {NULL, NULL, NULL, "recsItemAddToCartClick", NULL, NULL}},
};

const char *vitrine_event_name(uint32_t kind)
{
    return kind < VITRINE_EVENT_KINDS ? NAMES[kind].canonical : NULL;
}

enum { MOST_LETTERS = 40 }; /* longer than the longest name above */

static char plain(char c)
{
    if (c == ' ' || c == '-') return '_';
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether `word`, which is plain already, is one of the names in `list`. */
static int is_among(const char *list, const char *word, size_t length)
{
    for (;; list++) {
        size_t at = 0;
        for (; at < length && *list != '\0' && plain(*list) == word[at]; at++) list++;
        if (at == length && (*list == '\0' || *list == '|')) return 1;
        while (*list != '\0' && *list != '|') list++;
        if (*list == '\0') return 0;
    }
}

uint32_t vitrine_event_kind_of(const char *name, size_t length)
{
    char word[MOST_LETTERS];
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        const char c = plain(name[i]);
        if (c == '|') return VITRINE_EVENT_KINDS;
        if (c == '_' && (used == 0 || word[used - 1] == '_')) continue;
        if (used == MOST_LETTERS) return VITRINE_EVENT_KINDS;
        word[used++] = c;
    }
    if (used > 0 && word[used - 1] == '_') used--;
    if (used == 0) return VITRINE_EVENT_KINDS;
    for (uint32_t kind = 0; kind < VITRINE_EVENT_KINDS; kind++) {
        if (is_among(NAMES[kind].canonical, word, used)) return kind;
        for (int system = 0; system < SYSTEMS; system++) {
            const char *list = NAMES[kind].alias[system];
            if (list && is_among(list, word, used)) return kind;
        }
    }
    return VITRINE_EVENT_KINDS;
}
