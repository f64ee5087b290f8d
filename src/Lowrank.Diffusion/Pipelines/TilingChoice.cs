using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>
/// Whether an autoencoder works in tiles: where memory does not suffice for the whole, always, or never. Tiles overlap by a quarter and
/// fade into each other; each is decoded by what it shows alone, so that colours may differ a little from those of the whole.
/// </summary>
public sealed record TilingChoice
{
    TilingChoice(string text, int? side = null) => (Text, Side) = (text, side);

    /// <summary>Where decoding the whole would take more memory than is free on the CPU; on other devices never. The default.</summary>
    public static TilingChoice Auto { get; } = new("auto");

    /// <summary>In tiles of the size for which the autoencoder was made.</summary>
    public static TilingChoice Always { get; } = new("on");

    /// <summary>Always the whole.</summary>
    public static TilingChoice Never { get; } = new("off");

    /// <summary>In tiles of so many pixels to a side, a multiple of 32 for Stable Diffusion.</summary>
    public static TilingChoice Of(int side) => new(PlainValue.Text(side), side);

    /// <summary>The field of pictures' texts that tells it.</summary>
    public const string Field = "VAE tiling";

    /// <summary>
    /// A picture's text without the tiles that <see cref="Auto"/> may have chosen: whether memory sufficed does not make another picture.
    /// </summary>
    public static string WithoutIt(string infoText) => infoText.Replace($", {Field}: {Always.Text}", "", StringComparison.Ordinal);

    /// <summary>auto, on, off, or pixels to a side.</summary>
    public string Text { get; }

    /// <summary>Pixels to a side of a tile; null takes the autoencoder's own.</summary>
    public int? Side { get; }

    /// <summary>Reads <see cref="Text"/>.</summary>
    /// <exception cref="LowrankException">It is none of these.</exception>
    public static TilingChoice Read(string text)
    {
        TilingChoice[] words = [Auto, Always, Never];
        if (Array.Find(words, word => word.Text == text) is { } choice) return choice;
        return PlainValue.ReadWhole(text) is { } side and > 0 ? Of(side)
            : throw new LowrankException($"\"{text}\" is not auto, on, off or a number of pixels such as 512");
    }

    /// <summary>The tiles of an autoencoder for a picture; null for the whole.</summary>
    /// <param name="vae">The autoencoder.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="device">Where it is computed.</param>
    /// <param name="free">Bytes that are free; asked for where they decide.</param>
    /// <exception cref="LowrankException">The autoencoder has no tiles of that size.</exception>
    public VaeTiling? For(Autoencoder vae, int width, int height, Device device, Func<long> free)
    {
        if (this == Never) return null;
        if (this == Auto && (device.type != DeviceType.CPU || vae.DecodingBytes(width, height) <= free())) return null;
        var tiling = VaeTiling.For(vae, Side);
        return width > tiling.SampleTile || height > tiling.SampleTile ? tiling : null;
    }
}
