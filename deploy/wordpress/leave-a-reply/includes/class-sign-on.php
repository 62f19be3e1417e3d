<?php
/**
 * Single sign-on: whoever is logged in here need not type a name there.
 *
 * @package Leave_A_Reply
 */

namespace Leave_A_Reply;

defined( 'ABSPATH' ) || exit;

/** Signs the tokens (RFC 7519) that vouch for this site's users. The secret stays on this server. */
final class Sign_On {

	/** How long a token waits until the page that it was written into exchanges it. */
	const LIFETIME = 30 * MINUTE_IN_SECONDS;

	/** Hook into WordPress. */
	public static function start() {
		add_action( 'template_redirect', array( __CLASS__, 'keep_out_of_caches' ) );
	}

	/** A page with somebody's token is nobody else's. */
	public static function keep_out_of_caches() {
		if ( Options::shows_section() && Options::get( 'sign_on_secret' ) && is_user_logged_in() ) {
			nocache_headers();
			defined( 'DONOTCACHEPAGE' ) || define( 'DONOTCACHEPAGE', true );
		}
	}

	/**
	 * Return a token for whoever is logged in, an empty string for nobody.
	 *
	 * @param \WP_Post|null $post The post below which it is used.
	 */
	public static function token( $post = null ) {
		$user   = wp_get_current_user();
		$secret = Options::get( 'sign_on_secret' );
		if ( ! $secret || ! $user->exists() || ! is_email( $user->user_email ) ) {
			return '';
		}
		$now    = time();
		$claims = array(
			'sub'   => (string) $user->ID,
			'name'  => $user->display_name,
			'email' => $user->user_email,
			'aud'   => Options::get( 'site' ),
			'iat'   => $now,
			'exp'   => $now + self::LIFETIME,
			'jti'   => wp_generate_uuid4(),
		);
		$role   = self::role( $user, $post );
		return self::sign( $role ? $claims + array( 'role' => $role ) : $claims, $secret );
	}

	/**
	 * Return what badge a user has: that of the post's author, or of those who moderate here.
	 *
	 * @param \WP_User      $user The user.
	 * @param \WP_Post|null $post The post.
	 */
	private static function role( $user, $post ) {
		if ( $post && (int) $post->post_author === $user->ID ) {
			return 'author';
		}
		return user_can( $user, 'moderate_comments' ) ? 'moderator' : '';
	}

	/**
	 * Return claims as a JWT that is signed with HS256.
	 *
	 * @param array  $claims The claims.
	 * @param string $secret What both servers know.
	 */
	private static function sign( $claims, $secret ) {
		$header = array(
			'alg' => 'HS256',
			'typ' => 'JWT',
		);
		$signed = self::base64url( wp_json_encode( $header ) ) . '.' . self::base64url( wp_json_encode( $claims ) );
		return $signed . '.' . self::base64url( hash_hmac( 'sha256', $signed, $secret, true ) );
	}

	/**
	 * Encode bytes as RFC 7515 has it.
	 *
	 * @param string $bytes The bytes.
	 */
	private static function base64url( $bytes ) {
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions.obfuscation_base64_encode -- A JWT is made of it.
		return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' );
	}
}
