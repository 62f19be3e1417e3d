<?php
/**
 * Takes away what the plugin has stored. WordPress's own comments were never changed.
 *
 * @package Leave_A_Reply
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/** Forget the settings and numbers of the current site. */
function leave_a_reply_uninstall() {
	foreach ( array( 'leave_a_reply', 'leave_a_reply_counts_place', 'leave_a_reply_import' ) as $option ) {
		delete_option( $option );
	}
	delete_post_meta_by_key( '_leave_a_reply_count' );
	delete_post_meta_by_key( '_leave_a_reply_page' );
	delete_transient( 'leave_a_reply_pages_pause' );
	wp_unschedule_hook( 'leave_a_reply_page' );
	delete_metadata( 'comment', 0, 'leave_a_reply_guid', '', true );
	wp_clear_scheduled_hook( 'leave_a_reply_counts' );
	wp_clear_scheduled_hook( 'leave_a_reply_import' );
}

if ( is_multisite() ) {
	$leave_a_reply_sites = get_sites(
		array(
			'fields' => 'ids',
			'number' => 0,
		)
	);
	foreach ( $leave_a_reply_sites as $leave_a_reply_site ) {
		switch_to_blog( $leave_a_reply_site );
		leave_a_reply_uninstall();
		restore_current_blog();
	}
} else {
	leave_a_reply_uninstall();
}
