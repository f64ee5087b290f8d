namespace Lowrank.Diffusion;

/// <summary>What is known of a picture file that was looked through to its last pixel.</summary>
/// <param name="Width">Pixels across, upright.</param>
/// <param name="Height">Pixels down, upright.</param>
/// <param name="Frames">Frames of an animation; 1 for a picture.</param>
/// <param name="Hash">SHA-256 of the file, in hexadecimal.</param>
/// <param name="IsTransparent">Whether an alpha channel leaves something of it out, where the ground shows that it is laid on.</param>
public sealed record PictureFacts(int Width, int Height, int Frames, string Hash, bool IsTransparent = false);
