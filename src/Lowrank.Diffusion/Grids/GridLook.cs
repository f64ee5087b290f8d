namespace Lowrank.Diffusion;

/// <summary>How the pictures of a grid are laid out.</summary>
/// <param name="Margin">White pixels between pictures and around them, from 0.</param>
/// <param name="Legend">Whether columns, rows and grids have labels.</param>
public sealed record GridLook(int Margin = PictureGrid.UsualMargin, bool Legend = true)
{
    /// <summary>As it is where nobody says.</summary>
    public static GridLook Usual { get; } = new();

    /// <summary>Fields of a grid's text.</summary>
    public const string MarginField = "Grid margin", LegendField = "Grid legend";

    /// <summary>What a grid's text says of it, where it is not the usual.</summary>
    public IEnumerable<KeyValuePair<string, string>> Facts
    {
        get
        {
            if (Margin != Usual.Margin) yield return new(MarginField, PlainValue.Text((long)Margin));
            if (!Legend) yield return new(LegendField, PlainValue.Text(false));
        }
    }

    /// <summary>Million pixels that a grid may have; the web UI's own limit.</summary>
    public const int MostMegapixels = 200;

    /// <summary>Refuses a grid of too many pixels.</summary>
    /// <param name="count">Pictures.</param>
    /// <param name="told">Their number as the error tells it: "3 x 4".</param>
    /// <param name="size">Pixels across and down of each.</param>
    /// <exception cref="LowrankException">It is too large.</exception>
    public static void CheckSize(double count, string told, (int Width, int Height) size)
    {
        double megapixels = Math.Round(count * size.Width * size.Height / 1e6);
        if (megapixels < MostMegapixels) return;
        throw new LowrankException(
            $"The grid would be too large: {told} pictures of {size.Width}x{size.Height} have {PlainValue.Text(megapixels)} megapixels, " +
            $"and {MostMegapixels} are the most. Give fewer values, or smaller pictures.");
    }
}
