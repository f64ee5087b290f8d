using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Torch;

/// <summary>From pictures (B, C, H, W) to patches at points, (chunks, points, groups, 8 tiles, 64 channels).</summary>
static unsafe class WinogradInput
{
    const int Lane = Lanes.Count, Tile = WinogradTransforms.Tile, Patch = WinogradTransforms.Patch;

    /// <summary>Numbers of room that <see cref="Fill"/> works in.</summary>
    public static long Room(WinogradShape shape) => (Patch * Columns(shape) + Lane) * Lane;

    /// <summary>Fills the patches of sixteen channels in some rows of tiles.</summary>
    public static void Fill<T>(WinogradShape shape, T* pictures, int channel, int firstRow, int rows, float* patches, float* room)
        where T : unmanaged
    {
        long pitch = Columns(shape) * Lane, step = shape.PatchStep;
        float* strip = room, square = room + Patch * pitch;
        const int Chunk = WinogradProduct.Channels, Together = WinogradProduct.Tiles;
        patches += channel / Chunk * WinogradTransforms.Points * step + channel % Chunk;
        int tiles = rows * shape.TilesWide, filledUp = shape.Groups(rows) * Together;
        for (int tile = tiles; tile < filledUp; tile++)
            for (int point = 0; point < WinogradTransforms.Points; point++)
                Vector512<float>.Zero.Store(At(tile) + point * step);
        for (int row = 0; row < rows; row++)
        {
            var (picture, high) = Math.DivRem(firstRow + row, shape.TilesHigh);
            for (int line = 0; line < Patch; line++)
            {
                int y = high * Tile + line - shape.PadHigh;
                bool isInside = y >= 0 && y < shape.Height;
                T* from = isInside ? pictures + (((long)picture * shape.Channels + channel) * shape.Height + y) * shape.Width : null;
                Line(shape, from, strip + line * pitch, square);
            }
            for (int wide = 0; wide < shape.TilesWide; wide++)
            {
                float* places = strip + (long)wide * Tile * Lane;
                WinogradTransforms.OfPatch(places, pitch, At(row * shape.TilesWide + wide), step);
            }
        }

        float* At(int tile) => patches + (long)tile * Chunk;
    }

    static long Columns(WinogradShape shape) => shape.TilesWide * Tile + Patch - Tile;

    // One row of sixteen channels, each place's beside each other, with zeros around.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Line<T>(WinogradShape shape, T* from, float* to, float* square) where T : unmanaged
    {
        long columns = Columns(shape), plane = (long)shape.Height * shape.Width;
        int width = shape.Width;
        if (from is null)
        {
            new Span<float>(to, (int)columns * Lane).Clear();
            return;
        }
        new Span<float>(to, shape.PadWide * Lane).Clear();
        to += shape.PadWide * Lane;
        long after = columns - shape.PadWide - width;
        if (after > 0) new Span<float>(to + (long)width * Lane, (int)after * Lane).Clear();
        int last = (int)Math.Min(width, columns - shape.PadWide);
        var vectors = (Vector512<float>*)square;
        for (int x = 0; x < last; x += Lane)
        {
            int at = width < Lane ? 0 : Math.Min(x, width - Lane), count = Math.Min(Lane, width);
            for (int i = 0; i < Lane; i++) vectors[i] = Lanes.Load(from + i * plane + at, count);
            Lanes.Transpose(vectors);
            count = (int)Math.Min(count, columns - shape.PadWide - at);
            for (int i = 0; i < count; i++) vectors[i].Store(to + (long)(at + i) * Lane);
        }
    }
}
