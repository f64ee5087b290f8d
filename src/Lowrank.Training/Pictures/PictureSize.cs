namespace Lowrank.Training;

/// <summary>Width and height of pictures, in pixels.</summary>
public readonly record struct PictureSize(int Width, int Height)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Width}x{Height}";
}
