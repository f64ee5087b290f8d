namespace Lowrank.Diffusion;

/// <summary>A picture whose latents are no numbers any more: it would be black.</summary>
/// <param name="message">Which, and after how many steps.</param>
public sealed class SpoiltPictureException(string message) : LowrankException(message);
