namespace Lowrank.Diffusion;

/// <summary>A level for each pixel: where it is to be changed, or how opaque it is. A byte a pixel, rows from the top.</summary>
public sealed class Mask
{
    /// <summary>A mask over its levels, which are not copied.</summary>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="levels">width·height bytes: 0 keeps (or is clear), 255 changes (or is opaque).</param>
    public Mask(int width, int height, byte[] levels)
    {
        if (width < 1 || height < 1 || levels.LongLength != (long)width * height)
            throw new LowrankException(
                $"A mask of {width}x{height} pixels needs {(long)width * height} levels, and {levels.LongLength} were given.");
        (Width, Height, Levels) = (width, height, levels);
    }

    /// <summary>Pixels across.</summary>
    public int Width { get; }

    /// <summary>Pixels down.</summary>
    public int Height { get; }

    /// <summary>0 to 255 for each pixel.</summary>
    public byte[] Levels { get; }

    /// <summary>Whether it is 0 everywhere: nothing would be changed.</summary>
    public bool IsBlack => !Levels.AsSpan().ContainsAnyExcept((byte)0);

    /// <summary>A mask of one level.</summary>
    public static Mask Filled(int width, int height, byte level)
    {
        var levels = new byte[width * height];
        Array.Fill(levels, level);
        return new(width, height, levels);
    }

    /// <summary>How light each pixel is: (19595·R + 38470·G + 7471·B) / 65536, rounded, as Pillow makes grey of colours.</summary>
    public static Mask LightOf(Picture picture)
    {
        var (levels, pixels) = (new byte[picture.Width * picture.Height], picture.Pixels);
        for (int i = 0; i < levels.Length; i++)
            levels[i] = (byte)((pixels[3 * i] * 19595 + pixels[3 * i + 1] * 38470 + pixels[3 * i + 2] * 7471 + 0x8000) >> 16);
        return new(picture.Width, picture.Height, levels);
    }

    /// <summary>Each level by another.</summary>
    public Mask Each(Func<byte, byte> level)
    {
        var table = new byte[256];
        for (int i = 0; i < table.Length; i++) table[i] = level((byte)i);
        var levels = new byte[Levels.Length];
        for (int i = 0; i < levels.Length; i++) levels[i] = table[Levels[i]];
        return new(Width, Height, levels);
    }

    /// <summary>What was kept is changed, and what was changed is kept.</summary>
    public Mask Inverted() => Each(level => (byte)(255 - level));

    /// <summary>Each level twice, 255 at most.</summary>
    public Mask Doubled() => Each(level => (byte)Math.Min(2 * level, 255));

    /// <summary>The mask as a grey picture.</summary>
    public Picture ToPicture()
    {
        var pixels = new byte[3 * Levels.Length];
        for (int i = 0; i < Levels.Length; i++) pixels.AsSpan(3 * i, 3).Fill(Levels[i]);
        return new(Width, Height, pixels);
    }

    /// <summary>The mask as a tensor (1, 1, H, W), float32 in [0, 1], on the CPU.</summary>
    public Tensor ToTensor()
    {
        using var scope = NewDisposeScope();
        var bytes = tensor(Levels, [1, 1, Height, Width], dtype: ScalarType.Byte, device: CPU);
        return scope.MoveToOuter(bytes.to(ScalarType.Float32).div(255));
    }

    /// <summary>A part of the mask.</summary>
    /// <exception cref="LowrankException">The part lies outside of it.</exception>
    public Mask Crop(PictureRegion region)
    {
        region.CheckWithin(Width, Height, "mask");
        var levels = new byte[region.Width * region.Height];
        for (int row = 0; row < region.Height; row++)
            Levels.AsSpan((region.Top + row) * Width + region.Left, region.Width).CopyTo(levels.AsSpan(row * region.Width));
        return new(region.Width, region.Height, levels);
    }
}
