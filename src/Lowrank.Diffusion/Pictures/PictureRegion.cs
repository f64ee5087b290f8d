namespace Lowrank.Diffusion;

/// <summary>A rectangle in a picture: from (Left, Top) up to, and without, (Right, Bottom).</summary>
public readonly record struct PictureRegion(int Left, int Top, int Right, int Bottom)
{
    /// <summary>Pixels across.</summary>
    public int Width => Right - Left;

    /// <summary>Pixels down.</summary>
    public int Height => Bottom - Top;

    /// <summary>The whole of a picture.</summary>
    public static PictureRegion Whole(int width, int height) => new(0, 0, width, height);

    /// <summary>The smallest rectangle around all that a mask changes, widened on each side as far as the picture goes.</summary>
    /// <param name="mask">Levels above 0 are to be changed.</param>
    /// <param name="padding">Pixels on each side, from 0.</param>
    /// <returns>Null if the mask changes nothing.</returns>
    public static PictureRegion? Around(Mask mask, int padding = 0)
    {
        var (left, top, right, bottom) = (mask.Width, mask.Height, 0, 0);
        for (int y = 0; y < mask.Height; y++)
        {
            var row = mask.Levels.AsSpan(y * mask.Width, mask.Width);
            int first = row.IndexOfAnyExcept((byte)0);
            if (first < 0) continue;
            (top, bottom) = (Math.Min(top, y), y + 1);
            (left, right) = (Math.Min(left, first), Math.Max(right, row.LastIndexOfAnyExcept((byte)0) + 1));
        }
        if (bottom == 0) return null;
        return new(
            Math.Max(left - padding, 0), Math.Max(top - padding, 0),
            Math.Min(right + padding, mask.Width), Math.Min(bottom + padding, mask.Height));
    }

    /// <summary>The rectangle widened to a form, so that what is drawn in that form is not distorted, as far as the picture goes.</summary>
    /// <param name="width">Pixels across of what is drawn; with <paramref name="height"/> the form.</param>
    /// <param name="height">Pixels down of what is drawn.</param>
    /// <param name="pictureWidth">Pixels across of the picture.</param>
    /// <param name="pictureHeight">Pixels down of the picture.</param>
    /// <remarks>Source: AUTOMATIC1111, modules/masking.py, expand_crop_region, at 1.10.1.</remarks>
    public PictureRegion ExpandedTo(int width, int height, int pictureWidth, int pictureHeight)
    {
        double form = (double)width / height;
        if ((double)Width / Height > form)
        {
            var (top, bottom) = Widened(Top, Bottom, (int)(Width / form - Height), pictureHeight);
            return this with { Top = top, Bottom = bottom };
        }
        var (left, right) = Widened(Left, Right, (int)(Height * form - Width), pictureWidth);
        return this with { Left = left, Right = right };
    }

    // Half of it before, the rest behind; what does not fit on one side goes to the other.
    static (int First, int Last) Widened(int first, int last, int more, int limit)
    {
        int before = (int)Math.Floor(more / 2.0);
        (first, last) = (first - before, last + more - before);
        if (last >= limit) (first, last) = (first - (last - limit), limit);
        if (first < 0) (first, last) = (0, last - first);
        return (first, Math.Min(last, limit));
    }

    /// <summary>Makes sure that it has an inside, and lies in a picture or mask of that size.</summary>
    /// <exception cref="LowrankException">It does not.</exception>
    internal void CheckWithin(int width, int height, string what)
    {
        if (Left < 0 || Top < 0 || Width < 1 || Height < 1 || Right > width || Bottom > height)
            throw new LowrankException($"A part of {Width}x{Height} at ({Left}, {Top}) lies outside a {what} of {width}x{height}.");
    }
}
