namespace Lowrank.Diffusion.Tests;

/// <summary>Windows bitmaps in every layout that programs write are read to the pixel.</summary>
public sealed class BitmapTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("lowrank-bitmaps").FullName;

    // 5x3, so that rows are filled up; red, green, blue of each pixel, rows from the top, all of one palette.
    static readonly (byte R, byte G, byte B)[] palette = [(0, 0, 0), (255, 0, 0), (0, 255, 0), (16, 32, 64), (255, 255, 255)];
    static readonly int[] indices = [0, 1, 2, 3, 4, 4, 4, 4, 4, 1, 3, 3, 2, 0, 1];
    const int Width = 5, Height = 3;

    static byte[] Wanted => [.. indices.SelectMany(i => new[] { palette[i].R, palette[i].G, palette[i].B })];

    Picture Read(byte[] bitmap)
    {
        string path = Path.Combine(folder, "a.bmp");
        File.WriteAllBytes(path, bitmap);
        Assert.Equal((Width, Height), PictureFile.ReadSize(path));
        var facts = PictureFile.Look(path);
        Assert.Equal((Width, Height, 1), (facts.Width, facts.Height, facts.Frames));
        return PictureFile.Read(path);
    }

    static byte[] Int(int value) => BitConverter.GetBytes(value);

    static byte[] Short(int value) => BitConverter.GetBytes((ushort)value);

    static byte[] File40(int bits, int packing, byte[] colours, byte[] pixels, int height = Height) =>
    [
        .. "BM"u8, .. Int(54 + colours.Length + pixels.Length), .. Int(0), .. Int(54 + colours.Length),
        .. Int(40), .. Int(Width), .. Int(height), .. Short(1), .. Short(bits), .. Int(packing), .. Int(pixels.Length), .. Int(0), .. Int(0), .. Int(0), .. Int(0),
        .. colours, .. pixels,
    ];

    static byte[] Colours => [.. palette.SelectMany(c => new byte[] { c.B, c.G, c.R, 0 })];

    // Rows from the bottom up, each filled up to 4 bytes.
    static byte[] Rows(Func<int[], byte[]> row, bool topDown = false)
    {
        var rows = indices.Chunk(Width).Select(row).Select(bytes => bytes.Concat(new byte[(4 - bytes.Length % 4) % 4]));
        return [.. (topDown ? rows : rows.Reverse()).SelectMany(bytes => bytes)];
    }

    static byte[] Packed(int[] row, int bits) =>
        [.. row.Chunk(8 / bits).Select(some => (byte)some.Select((index, i) => index << (8 - bits - i * bits)).Sum())];

    static byte[] Plain24(int[] row) => [.. row.SelectMany(i => new[] { palette[i].B, palette[i].G, palette[i].R })];

    static byte[] Plain32(int[] row) => [.. row.SelectMany(i => new byte[] { palette[i].B, palette[i].G, palette[i].R, 0 })];

    [Fact]
    public void PixelsOf24And32BitsAreReadEitherWayUp()
    {
        Assert.Equal(Wanted, Read(File40(24, 0, [], Rows(Plain24))).Pixels);
        Assert.Equal(Wanted, Read(File40(24, 0, [], Rows(Plain24, topDown: true), -Height)).Pixels);
        Assert.Equal(Wanted, Read(File40(32, 0, [], Rows(Plain32))).Pixels);   // a fourth byte of 0 is no transparency
    }

    [Theory, InlineData(8), InlineData(4)]
    public void PalettesAreRead(int bits) => Assert.Equal(Wanted, Read(File40(bits, 0, Colours, Rows(row => Packed(row, bits)))).Pixels);

    [Fact]
    public void OneBitAPixelIsRead()
    {
        byte[] pixels = Rows(row => Packed([.. row.Select(index => index == 4 ? 1 : 0)], 1));
        byte[] wanted = [.. indices.SelectMany(index => Enumerable.Repeat((byte)(index == 4 ? 255 : 0), 3))];
        Assert.Equal(wanted, Read(File40(1, 0, [0, 0, 0, 0, 255, 255, 255, 0], pixels)).Pixels);
    }

    [Fact]
    public void RunsOfColoursAreRead()
    {
        // From the bottom: three colours as they stand with a filler, then a run, and the row's end.
        byte[] runs = [2, 3, 0, 3, 2, 0, 1, 0, 0, 0, 4, 4, 1, 1, 0, 0, 0, 5, 0, 1, 2, 3, 4, 0, 0, 1];
        Assert.Equal(Wanted, Read(File40(8, 1, Colours, runs)).Pixels);
        byte[] nibbles = [2, 0x33, 0, 3, 0x20, 0x10, 0, 0, 4, 0x44, 1, 0x10, 0, 0, 0, 5, 0x01, 0x23, 0x40, 0, 0, 1];
        Assert.Equal(Wanted, Read(File40(4, 2, Colours, nibbles)).Pixels);
    }

    [Fact]
    public void FieldsOfBitsAreRead()
    {
        byte[] masks = [.. Int(0xf800), .. Int(0x07e0), .. Int(0x001f)];
        byte[] pixels = Rows(row => [.. row.SelectMany(i => Short((palette[i].R >> 3 << 11) | (palette[i].G >> 2 << 5) | (palette[i].B >> 3)))]);
        var read = Read(File40(16, 3, masks, pixels));
        Assert.All(read.Pixels.Zip(Wanted), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 8));   // 5 and 6 bits of 8
        Assert.Equal(Wanted[..9], read.Pixels[..9]);
    }

    [Fact]
    public void TransparencyIsLaidOnWhite()
    {
        byte[] masks = [.. Int(0xff0000), .. Int(0xff00), .. Int(0xff), .. Int(unchecked((int)0xff000000))];
        byte[] clear = Rows(row => [.. row.SelectMany(i => new byte[] { palette[i].B, palette[i].G, palette[i].R, (byte)(i == 1 ? 0 : 255) })]);
        byte[] wanted = [.. indices.SelectMany(i => i == 1 ? [255, 255, 255] : new[] { palette[i].R, palette[i].G, palette[i].B })];
        Assert.Equal(wanted, Read(File40(32, 6, masks, clear)).Pixels);
    }

    [Fact]
    public void TheOldHeaderIsRead()
    {
        byte[] pixels = Rows(Plain24);
        Assert.Equal(Wanted, Read([.. "BM"u8, .. Int(26 + pixels.Length), .. Int(0), .. Int(26), .. Int(12), .. Short(Width), .. Short(Height), .. Short(1), .. Short(24), .. pixels]).Pixels);
    }

    [Fact]
    public void WhatIsCutShortOrPackedOtherwiseIsAnErrorThatNamesTheFile()
    {
        byte[] whole = File40(24, 0, [], Rows(Plain24));
        foreach (int length in Enumerable.Range(2, whole.Length - 2).Where(length => length < whole.Length - 1))
        {
            File.WriteAllBytes(Path.Combine(folder, "cut.bmp"), whole[..length]);
            Assert.Contains("cut.bmp", Assert.Throws<LowrankException>(() => PictureFile.Read(Path.Combine(folder, "cut.bmp"))).Message);
        }
        byte[] overlong = [.. whole[..14], .. Int(int.MaxValue), .. whole[18..]];
        File.WriteAllBytes(Path.Combine(folder, "long.bmp"), overlong);
        Assert.Contains("its header has 2147483647 bytes", Assert.Throws<LowrankException>(() => PictureFile.Look(Path.Combine(folder, "long.bmp"))).Message);
        File.WriteAllBytes(Path.Combine(folder, "odd.bmp"), File40(24, 4, [], Rows(Plain24)));
        Assert.Contains("packed in way 4", Assert.Throws<LowrankException>(() => PictureFile.Look(Path.Combine(folder, "odd.bmp"))).Message);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
