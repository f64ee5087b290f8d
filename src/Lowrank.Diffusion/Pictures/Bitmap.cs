using System.Buffers.Binary;
using System.Numerics;

namespace Lowrank.Diffusion;

/// <summary>
/// Reads Windows bitmaps, which libvips does not: 1, 4, 8, 16, 24 and 32 bits, run lengths and bit fields, either way up.
/// </summary>
/// <remarks>Source: "Bitmap Storage", learn.microsoft.com/windows/win32/gdi/bitmap-storage.</remarks>
static class Bitmap
{
    const int FileHeader = 14, OldHeader = 12, InfoHeader = 40;
    const uint Plain = 0, Runs8 = 1, Runs4 = 2, BitFields = 3, AlphaBitFields = 6;

    // What the headers say.
    sealed record Layout(int Width, int Height, bool TopDown, int Bits, uint Packing, int PixelsAt)
    {
        public uint[] Palette { get; init; } = [];   // 0x00RRGGBB

        public uint[] Masks { get; init; } = [];   // red, green, blue, alpha

        public int Stride => (int)(((long)Width * Bits + 31) / 32 * 4);
    }

    /// <summary>Width and height.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static (int Width, int Height) SizeOf(ReadOnlySpan<byte> bytes)
    {
        var layout = Read(bytes);
        return (layout.Width, layout.Height);
    }

    /// <summary>Whether a field of it is alpha.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static bool HasAlpha(ReadOnlySpan<byte> bytes) => Read(bytes).Masks is [_, _, _, not 0];

    /// <summary>The pixels as RGB, alpha laid on white.</summary>
    /// <exception cref="InvalidDataException">It is none, is cut short, or is packed in a way that is not read.</exception>
    public static Picture Decode(ReadOnlySpan<byte> bytes)
    {
        var layout = Read(bytes);
        if ((long)layout.Width * layout.Height > 1 << 28) throw new InvalidDataException($"{layout.Width}x{layout.Height} is too large");
        var pixels = new byte[3 * layout.Width * layout.Height];
        if (layout.Packing is Runs8 or Runs4) Unroll(bytes[layout.PixelsAt..], layout, pixels);
        else Copy(bytes[layout.PixelsAt..], layout, pixels);
        return new Picture(layout.Width, layout.Height, pixels);
    }

    static Layout Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FileHeader + OldHeader || !bytes.StartsWith("BM"u8)) throw new InvalidDataException("its header is cut short");
        int header = BinaryPrimitives.ReadInt32LittleEndian(bytes[FileHeader..]);
        int pixelsAt = BinaryPrimitives.ReadInt32LittleEndian(bytes[10..]);
        if (header != OldHeader && header < InfoHeader || header > bytes.Length - FileHeader)
            throw new InvalidDataException($"its header has {header} bytes");
        var info = bytes[FileHeader..];
        var layout = header == OldHeader ? OldLayout(info, pixelsAt) : InfoLayout(info, pixelsAt);
        if (layout.Width < 1 || layout.Height < 1) throw new InvalidDataException($"its size is {layout.Width}x{layout.Height}");
        if (pixelsAt < 0 || pixelsAt > bytes.Length) throw new InvalidDataException("it is cut short");
        return WithColours(layout, bytes, header);
    }

    static Layout OldLayout(ReadOnlySpan<byte> info, int pixelsAt) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(info[4..]), BinaryPrimitives.ReadUInt16LittleEndian(info[6..]), false,
        BinaryPrimitives.ReadUInt16LittleEndian(info[10..]), Plain, pixelsAt);

    static Layout InfoLayout(ReadOnlySpan<byte> info, int pixelsAt)
    {
        int height = BinaryPrimitives.ReadInt32LittleEndian(info[8..]);
        return new(
            BinaryPrimitives.ReadInt32LittleEndian(info[4..]), height == int.MinValue ? 0 : Math.Abs(height), height < 0,
            BinaryPrimitives.ReadUInt16LittleEndian(info[14..]), BinaryPrimitives.ReadUInt32LittleEndian(info[16..]), pixelsAt);
    }

    static Layout WithColours(Layout layout, ReadOnlySpan<byte> bytes, int header)
    {
        if (!IsRead(layout.Bits, layout.Packing))
            throw new InvalidDataException($"{layout.Bits} bits a pixel, packed in way {layout.Packing}, are not read");
        int at = FileHeader + header;
        if (layout.Bits <= 8) return layout with { Palette = PaletteOf(bytes[at..], layout.Bits, header == OldHeader ? 3 : 4) };
        if (layout.Packing == Plain) return layout with { Masks = UsualMasks(layout.Bits) };
        // Behind the first 40 bytes: of the header itself in its later versions.
        int masks = layout.Packing == AlphaBitFields || header >= InfoHeader + 16 ? 4 : 3;
        var read = new uint[4];
        if (bytes.Length < FileHeader + InfoHeader + 4 * masks) throw new InvalidDataException("it is cut short");
        for (int i = 0; i < masks; i++) read[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(FileHeader + InfoHeader + 4 * i)..]);
        return layout with { Masks = read };
    }

    static bool IsRead(int bits, uint packing) => packing switch
    {
        Plain => bits is 1 or 4 or 8 or 16 or 24 or 32,
        Runs8 => bits == 8,
        Runs4 => bits == 4,
        BitFields or AlphaBitFields => bits is 16 or 32,
        _ => false,
    };

    // Without fields of their own the fourth byte means nothing.
    static uint[] UsualMasks(int bits) => bits == 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0x00ff00, 0x0000ff, 0];

    static uint[] PaletteOf(ReadOnlySpan<byte> bytes, int bits, int size)
    {
        var colours = new uint[1 << bits];   // a short palette's other colours are black
        for (int i = 0; i < colours.Length && (i + 1) * size <= bytes.Length; i++)
            colours[i] = (uint)(bytes[i * size + 2] << 16 | bytes[i * size + 1] << 8 | bytes[i * size]);
        return colours;
    }

    static void Copy(ReadOnlySpan<byte> rows, Layout layout, byte[] pixels)
    {
        if (rows.Length < (long)layout.Stride * (layout.Height - 1) + (layout.Width * (long)layout.Bits + 7) / 8)
            throw new InvalidDataException("it is cut short");
        for (int row = 0; row < layout.Height; row++)
            for (int column = 0; column < layout.Width; column++)
                Put(pixels, layout, column, row, ColourAt(rows[(row * layout.Stride)..], layout, column));
    }

    static uint ColourAt(ReadOnlySpan<byte> row, Layout layout, int column)
    {
        int bits = layout.Bits;
        if (bits <= 8) return layout.Palette[row[column * bits / 8] >> (8 - bits - column * bits % 8) & ((1 << bits) - 1)];
        uint value = bits switch
        {
            16 => BinaryPrimitives.ReadUInt16LittleEndian(row[(2 * column)..]),
            24 => (uint)(row[3 * column] | row[3 * column + 1] << 8 | row[3 * column + 2] << 16),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(row[(4 * column)..]),
        };
        uint alpha = layout.Masks[3] == 0 ? 255 : Field(value, layout.Masks[3]);
        uint colour = 0;
        for (int channel = 0; channel < 3; channel++)
            colour = colour << 8 | (Field(value, layout.Masks[channel]) * alpha + 255 * (255 - alpha) + 127) / 255;
        return colour;
    }

    // A channel of any width at 8 bits.
    static uint Field(uint value, uint mask)
    {
        if (mask == 0) return 0;
        int shift = BitOperations.TrailingZeroCount(mask);
        ulong most = mask >> shift;
        return (uint)(((ulong)((value & mask) >> shift) * 255 + most / 2) / most);
    }

    static void Put(byte[] pixels, Layout layout, int column, int row, uint colour)
    {
        int at = 3 * ((layout.TopDown ? row : layout.Height - 1 - row) * layout.Width + column);
        (pixels[at], pixels[at + 1], pixels[at + 2]) = ((byte)(colour >> 16), (byte)(colour >> 8), (byte)colour);
    }

    // Runs of one colour, and signs between: end of a row, end of the picture, a step aside, colours as they stand.
    static void Unroll(ReadOnlySpan<byte> bytes, Layout layout, byte[] pixels)
    {
        int perByte = layout.Packing == Runs4 ? 2 : 1;
        var (column, row, at) = (0, 0, 0);
        while (at + 1 < bytes.Length && row < layout.Height)
        {
            var (count, what) = (bytes[at], bytes[at + 1]);
            at += 2;
            if (count > 0)
            {
                for (int i = 0; i < count; i++) Set(what, i);
                column += count;
            }
            else if (what == 0) (column, row) = (0, row + 1);
            else if (what == 1) return;
            else if (what == 2 && at + 1 < bytes.Length)
            {
                (column, row) = (column + bytes[at], row + bytes[at + 1]);
                at += 2;
            }
            else if (what > 2)
            {
                int length = (what + perByte - 1) / perByte;
                if (at + length > bytes.Length) break;
                for (int i = 0; i < what; i++) Set(bytes[at + i / perByte], i);
                column += what;
                at += length + length % 2;
            }
        }
        if (row < layout.Height - 1) throw new InvalidDataException("it is cut short");

        void Set(byte value, int i)
        {
            if (column + i >= layout.Width || row >= layout.Height) return;
            int index = perByte == 1 ? value : i % 2 == 0 ? value >> 4 : value & 15;
            Put(pixels, layout, column + i, row, layout.Palette[index]);
        }
    }
}
