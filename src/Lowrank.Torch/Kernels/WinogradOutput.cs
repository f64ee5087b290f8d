using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Torch;

/// <summary>From sums at points, (points, tiles, 32 outputs), to pictures (B, K, H, W).</summary>
static unsafe class WinogradOutput
{
    const int Lane = Lanes.Count, Tile = WinogradTransforms.Tile, Patch = WinogradTransforms.Patch;

    /// <summary>Numbers of room that <see cref="Empty"/> works in.</summary>
    public static long Room(WinogradShape shape) => (Tile * Columns(shape) + Tile * Patch + Lane) * Lane;

    /// <summary>Writes the answer of sixteen outputs in some rows of tiles, plus the bias of all outputs where there is one.</summary>
    public static void Empty<T>(WinogradShape shape, float* sums, T* bias, T* answer, int output, int firstRow, int rows, float* room)
        where T : unmanaged
    {
        long pitch = Columns(shape) * Lane;
        float* strip = room, scratch = room + Tile * pitch;
        var added = bias is null ? default : Lanes.Load(bias + output);
        for (int row = 0; row < rows; row++)
        {
            var (picture, high) = Math.DivRem(firstRow + row, shape.TilesHigh);
            for (int wide = 0; wide < shape.TilesWide; wide++)
            {
                float* points = sums + (long)(row * shape.TilesWide + wide) * WinogradProduct.Outputs;
                WinogradTransforms.ToTile(points, shape.SumStep, added, strip + (long)wide * Tile * Lane, pitch, scratch);
            }
            for (int line = 0; line < Tile && high * Tile + line < shape.High; line++)
            {
                long y = high * Tile + line;
                T* to = answer + (((long)picture * shape.Outputs + output) * shape.High + y) * shape.Wide;
                Line(shape, strip + line * pitch, to, scratch);
            }
        }
    }

    // At least a square's width, so that one can be read of narrow pictures too.
    static long Columns(WinogradShape shape) => Math.Max(shape.TilesWide * Tile, Lane);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Line<T>(WinogradShape shape, float* from, T* to, float* square) where T : unmanaged
    {
        long plane = (long)shape.High * shape.Wide;
        int width = shape.Wide, count = Math.Min(Lane, width);
        var vectors = (Vector512<float>*)square;
        for (int x = 0; x < width; x += Lane)
        {
            int at = width < Lane ? 0 : Math.Min(x, width - Lane);
            for (int i = 0; i < Lane; i++) vectors[i] = Vector512.Load(from + (long)(at + i) * Lane);
            Lanes.Transpose(vectors);
            for (int i = 0; i < Lane; i++) Lanes.Store(to + i * plane + at, vectors[i], count);
        }
    }
}
