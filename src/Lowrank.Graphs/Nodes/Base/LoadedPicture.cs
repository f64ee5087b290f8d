namespace Lowrank.Graphs;

/// <summary>A picture that a node read.</summary>
/// <param name="Picture">Its colours, and how opaque it is.</param>
sealed record LoadedPicture(AlphaPicture Picture)
{
    /// <summary>Its colours, (1, H, W, 3) in 0 to 1; those of clear pixels included.</summary>
    public Tensor Colours() => PictureBytes.ToTensor(Picture.Colours).unsqueeze(0);

    /// <summary>How clear it is, (1, H, W) in 0 to 1; null if the file says nothing of it.</summary>
    public Tensor? Clear() => Picture.Alpha is { } alpha ? 1 - PictureBytes.ToTensor(alpha).unsqueeze(0) : null;
}
