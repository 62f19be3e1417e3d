<?php
/**
 * What is set, on the settings page or in wp-config.php.
 *
 * @package Leave_A_Reply
 */

namespace Leave_A_Reply;

defined( 'ABSPATH' ) || exit;

/** The settings. `LEAVE_A_REPLY_SIGN_ON_SECRET` in wp-config.php goes before `sign_on_secret` here. */
final class Options {

	const NAME = 'leave_a_reply';

	/** What is never shown again once it is stored. */
	const SECRETS = array( 'key', 'sign_on_secret', 'akismet_key' );

	const DEFAULTS = array(
		'url'            => '',
		'site'           => '',
		'key'            => '',
		'sign_on_secret' => '',
		'section'        => true,
		'post_types'     => array( 'post', 'page' ),
		'akismet'        => Akismet_Route::OFF,
		'akismet_key'    => '',
	);

	/**
	 * Return one setting.
	 *
	 * @param string $name One of the names in `DEFAULTS`.
	 * @return mixed
	 */
	public static function get( $name ) {
		if ( self::is_constant( $name ) ) {
			$value = constant( self::constant_of( $name ) );
			return 'url' === $name ? untrailingslashit( $value ) : $value;
		}
		$stored = (array) get_option( self::NAME, array() );
		return $stored[ $name ] ?? self::DEFAULTS[ $name ];
	}

	/**
	 * Tell whether a setting stands in wp-config.php.
	 *
	 * @param string $name The setting.
	 */
	public static function is_constant( $name ) {
		return defined( self::constant_of( $name ) );
	}

	/**
	 * Return the name that a setting has in wp-config.php.
	 *
	 * @param string $name The setting.
	 */
	public static function constant_of( $name ) {
		return 'LEAVE_A_REPLY_' . strtoupper( $name );
	}

	/** Tell whether the section is to be shown, and can be. */
	public static function shows_section() {
		return self::get( 'section' ) && self::get( 'url' ) && self::get( 'site' );
	}

	/**
	 * Return what is stored of a form. A secret that was left empty stays as it is.
	 *
	 * @param mixed $form The fields.
	 */
	public static function sanitize( $form ) {
		$form   = (array) $form;
		$stored = (array) get_option( self::NAME, array() );
		$clean  = array(
			'url'        => untrailingslashit( esc_url_raw( trim( (string) ( $form['url'] ?? '' ) ), array( 'https', 'http' ) ) ),
			'site'       => sanitize_title( $form['site'] ?? '' ),
			'section'    => ! empty( $form['section'] ),
			'post_types' => array_values( array_intersect( self::possible_post_types(), (array) ( $form['post_types'] ?? array() ) ) ),
			'akismet'    => in_array( $form['akismet'] ?? '', array( Akismet_Route::ANSWER, Akismet_Route::COPY ), true ) ? $form['akismet'] : Akismet_Route::OFF,
		);
		foreach ( self::SECRETS as $name ) {
			$new            = sanitize_text_field( $form[ $name ] ?? '' );
			$clean[ $name ] = '' === $new ? ( $stored[ $name ] ?? '' ) : $new;
			if ( ! empty( $form[ "forget_$name" ] ) ) {
				$clean[ $name ] = '';
			}
		}
		return $clean;
	}

	/** Return the post types that everybody may see and that can have comments. */
	public static function possible_post_types() {
		return array_values( array_intersect( get_post_types( array( 'public' => true ) ), get_post_types_by_support( 'comments' ) ) );
	}
}
