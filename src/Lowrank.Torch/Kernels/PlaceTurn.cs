using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Torch;

/// <summary>Pictures whose places lie beside each other, (B, C, places), to tokens whose channels do, (B, places, C), and back, in
/// bfloat16: libtorch copies them number by number.</summary>
static unsafe class PlaceTurn
{
    const int Lane = Lanes.Count;

    // From here on a second thread gains more than its beginning takes.
    const long Shared = 1 << 18;

    /// <summary>Whether it takes (B, rows, columns) like this, with nothing to record.</summary>
    public static bool Suits(Tensor x) =>
        Lanes.AreSupported && x.dtype == ScalarType.BFloat16 && x.device_type == DeviceType.CPU && x.is_contiguous() && x.numel() > 0
        && x.shape is [_, var rows, var columns] && rows % Lane == 0 && columns % Lane == 0 && !FewRows.AreRecorded(x);

    /// <summary>(B, rows, columns) to (B, columns, rows), contiguous.</summary>
    public static Tensor Run(Tensor x, int threads)
    {
        var (batch, rows, columns) = x.shape;
        var answer = empty([batch, columns, rows], x.dtype, x.device);
        ushort* from = (ushort*)MemoryRange.Start(x), to = (ushort*)MemoryRange.Start(answer);
        long strips = columns / Lane, units = batch * strips;
        Shares.Run(units, (int)Math.Min(units, x.numel() < Shared ? 1 : threads), (_, first, after) =>
        {
            for (long unit = first; unit < after; unit++)
            {
                long matrix = unit / strips * rows * columns, column = unit % strips * Lane;
                Strip(from + matrix + column, to + matrix + column * rows, rows, columns);
            }
        });
        GC.KeepAlive(x);
        GC.KeepAlive(answer);
        return answer;
    }

    // Sixteen columns become rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Strip(ushort* from, ushort* to, long rows, long columns)
    {
        var square = stackalloc Vector512<float>[Lane];
        for (long row = 0; row < rows; row += Lane)
        {
            for (int i = 0; i < Lane; i++) square[i] = Lanes.Load(from + (row + i) * columns);
            Lanes.Transpose(square);
            for (int i = 0; i < Lane; i++) Lanes.Store(to + i * rows + row, square[i]);
        }
    }
}
