/* The one table of event names, read by the command line tool and the page alike. Aliases are
 * spelled normalised: lower case, words joined by one '_'. */
#include "vitrine/event.h"

#include <string.h>

static const struct {
    const char *name;
    uint32_t kind;
} NAMES[] = {
    /* GA4, canonical: the first VITRINE_EVENT_KINDS entries, in the order of the kinds */
    {"view_item", VITRINE_VIEW_ITEM},
    {"select_item", VITRINE_SELECT_ITEM},
    {"add_to_cart", VITRINE_ADD_TO_CART},
    {"remove_from_cart", VITRINE_REMOVE_FROM_CART},
    {"add_to_wishlist", VITRINE_ADD_TO_WISHLIST},
    {"remove_from_wishlist", VITRINE_REMOVE_FROM_WISHLIST},
    {"purchase", VITRINE_PURCHASE},
    {"refund", VITRINE_REFUND},
    {"rate", VITRINE_RATE},
    {"dismiss", VITRINE_DISMISS},
    {"view_item_list", VITRINE_VIEW_ITEM_LIST},
    {"search", VITRINE_SEARCH},
    {"view_cart", VITRINE_VIEW_CART},
    {"begin_checkout", VITRINE_BEGIN_CHECKOUT},
    {"rec_render", VITRINE_REC_RENDER},
    {"rec_view", VITRINE_REC_VIEW},
    {"rec_click", VITRINE_REC_CLICK},
    {"rec_add_to_cart", VITRINE_REC_ADD_TO_CART},
    /* Google Retail */
    {"detail_page_view", VITRINE_VIEW_ITEM},
    {"category_page_view", VITRINE_VIEW_ITEM_LIST},
    {"shopping_cart_page_view", VITRINE_VIEW_CART},
    {"add_to_list", VITRINE_ADD_TO_WISHLIST},
    {"remove_from_list", VITRINE_REMOVE_FROM_WISHLIST},
    {"checkout_start", VITRINE_BEGIN_CHECKOUT},
    {"purchase_complete", VITRINE_PURCHASE},
    /* Segment, e-commerce v2 */
    {"product_list_viewed", VITRINE_VIEW_ITEM_LIST},
    {"product_list_filtered", VITRINE_VIEW_ITEM_LIST},
    {"product_clicked", VITRINE_SELECT_ITEM},
    {"products_searched", VITRINE_SEARCH},
    {"product_added", VITRINE_ADD_TO_CART},
    {"wishlist_product_added_to_cart", VITRINE_ADD_TO_CART},
    {"product_removed", VITRINE_REMOVE_FROM_CART},
    {"cart_viewed", VITRINE_VIEW_CART},
    {"product_added_to_wishlist", VITRINE_ADD_TO_WISHLIST},
    {"product_removed_from_wishlist", VITRINE_REMOVE_FROM_WISHLIST},
    {"order_completed", VITRINE_PURCHASE},
    {"order_refunded", VITRINE_REFUND},
    {"order_cancelled", VITRINE_REFUND},
    {"product_reviewed", VITRINE_RATE},
    /* Shopify; Segment's "Product Viewed" and "Checkout Started" read the same */
    {"product_viewed", VITRINE_VIEW_ITEM},
    {"collection_viewed", VITRINE_VIEW_ITEM_LIST},
    {"search_submitted", VITRINE_SEARCH},
    {"product_added_to_cart", VITRINE_ADD_TO_CART},
    {"product_removed_from_cart", VITRINE_REMOVE_FROM_CART},
    {"checkout_started", VITRINE_BEGIN_CHECKOUT},
    {"checkout_completed", VITRINE_PURCHASE},
    /* Adobe Commerce */
    {"productpageview", VITRINE_VIEW_ITEM},
    {"searchproductclick", VITRINE_SELECT_ITEM},
    {"searchrequestsent", VITRINE_SEARCH},
    {"addtocart", VITRINE_ADD_TO_CART},
    {"removefromcart", VITRINE_REMOVE_FROM_CART},
    {"shoppingcartview", VITRINE_VIEW_CART},
    {"initiatecheckout", VITRINE_BEGIN_CHECKOUT},
    {"placeorder", VITRINE_PURCHASE},
    {"recsunitrender", VITRINE_REC_RENDER},
    {"recsunitview", VITRINE_REC_VIEW},
    {"recsitemclick", VITRINE_REC_CLICK},
    {"recsitemaddtocartclick", VITRINE_REC_ADD_TO_CART},
    /* Recombee */
    {"adddetailview", VITRINE_VIEW_ITEM},
    {"addcartaddition", VITRINE_ADD_TO_CART},
    {"addbookmark", VITRINE_ADD_TO_WISHLIST},
    {"addpurchase", VITRINE_PURCHASE},
    {"addrating", VITRINE_RATE},
    /* plain logs: REES46, RetailRocket, Taobao and the like */
    {"view", VITRINE_VIEW_ITEM},
    {"pv", VITRINE_VIEW_ITEM},
    {"click", VITRINE_SELECT_ITEM},
    {"cart", VITRINE_ADD_TO_CART},
    {"fav", VITRINE_ADD_TO_WISHLIST},
    {"favourite", VITRINE_ADD_TO_WISHLIST},
    {"favorite", VITRINE_ADD_TO_WISHLIST},
    {"wishlist", VITRINE_ADD_TO_WISHLIST},
    {"buy", VITRINE_PURCHASE},
    {"order", VITRINE_PURCHASE},
    {"transaction", VITRINE_PURCHASE},
    {"rating", VITRINE_RATE},
};

const char *vitrine_event_name(uint32_t kind)
{
    return kind < VITRINE_EVENT_KINDS ? NAMES[kind].name : NULL;
}

uint32_t vitrine_event_kind_of(const char *name, size_t length)
{
    char plain[40];
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        char c = name[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
        if (c == ' ' || c == '-' || c == '_') {
            if (used == 0 || plain[used - 1] == '_') continue;
            c = '_';
        }
        if (used == sizeof plain) return VITRINE_EVENT_KINDS;
        plain[used++] = c;
    }
    if (used > 0 && plain[used - 1] == '_') used--;
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (strlen(NAMES[i].name) == used && memcmp(NAMES[i].name, plain, used) == 0)
            return NAMES[i].kind;
    return VITRINE_EVENT_KINDS;
}
