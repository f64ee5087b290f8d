using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Torch;

/// <summary>The Cayley transform of many small matrices, sixteen at once: a vector holds the same entry of each.</summary>
/// <remarks>
/// R = 2(I − Q)⁻¹ − I by Gauss and Jordan without pivots: for skew Q none falls below 1, and what grows instead, with ‖Q‖², is lost in
/// float64, in which it is computed.
/// </remarks>
static unsafe class CayleyKernel
{
    const int Lane = Lanes.Count;
    const long Smallest = 4, Widest = 32;   // rows of a square fill a vector; what is worked on stays in the second cache

    /// <summary>Whether it takes matrices (..., size, size) like these.</summary>
    public static bool Suits(Tensor matrices) =>
        Lanes.AreSupported && matrices.device_type == DeviceType.CPU && matrices.dtype == ScalarType.Float32
        && matrices.shape[^1] is >= Smallest and <= Widest && matrices.numel() > 0;

    /// <summary>R of Q = X − Xᵀ.</summary>
    public static Tensor Transform(Tensor x) =>
        Each(x, null, (given, _, made, size) => Transform((Vector512<float>*)given, (Vector512<float>*)made, size));

    /// <summary>∂X from R and ∂R: ∂Q = ½ (R + I)ᵀ ∂R (R + I)ᵀ, and ∂X = ∂Q − ∂Qᵀ of a difference.</summary>
    public static Tensor Gradient(Tensor rotation, Tensor gradient, bool ofDifference) => Each(rotation, gradient, (given, g, made, size) =>
        Gradient((Vector512<float>*)given, (Vector512<float>*)g, (Vector512<float>*)made, size, ofDifference));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Transform(Vector512<float>* x, Vector512<float>* rotation, int size)
    {
        int count = size * size;
        using var room = new FloatBlock(4L * count * Lane);
        Vector512<double>* first = (Vector512<double>*)room.Start, second = first + count;   // eight matrices each
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
            {
                var entry = x[j * size + i] - x[i * size + j];
                if (i == j) entry += Vector512<float>.One;
                (first[i * size + j], second[i * size + j]) = Vector512.Widen(entry);
            }
        Invert(first, size);
        Invert(second, size);
        var half = Vector512.Create(0.5);
        for (int i = 0; i < count; i += size + 1) (first[i], second[i]) = (first[i] - half, second[i] - half);
        for (int i = 0; i < count; i++) rotation[i] = Vector512.Narrow(first[i] + first[i], second[i] + second[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Gradient(Vector512<float>* rotation, Vector512<float>* gradient, Vector512<float>* ofX, int size, bool ofDifference)
    {
        int count = size * size;
        using var room = new FloatBlock(2L * count * Lane);
        Vector512<float>* left = (Vector512<float>*)room.Start, whole = left + count;
        for (int i = 0; i < count; i += size + 1) rotation[i] += Vector512<float>.One;
        Multiply(rotation, 1, size, gradient, size, 1, left, size);
        Multiply(left, size, 1, rotation, 1, size, whole, size);
        var half = Vector512.Create(0.5f);
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
            {
                var entry = whole[i * size + j];
                ofX[i * size + j] = half * (ofDifference ? entry - whole[j * size + i] : entry);
            }
    }

    // Eight matrices in their place. Row k divided by its pivot is taken from all others; what an identity beside them would become takes
    // the place of the columns that are done.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Invert(Vector512<double>* matrix, int size)
    {
        for (int k = 0; k < size; k++)
        {
            var pivotRow = matrix + k * size;
            var inverse = Vector512<double>.One / pivotRow[k];
            pivotRow[k] = Vector512<double>.One;
            for (int j = 0; j < size; j++) pivotRow[j] *= inverse;
            for (int i = 0; i < size; i++)
            {
                if (i == k) continue;
                var row = matrix + i * size;
                var factor = -row[k];
                row[k] = Vector512<double>.Zero;
                for (int j = 0; j < size; j++) row[j] = Vector512.FusedMultiplyAdd(factor, pivotRow[j], row[j]);
            }
        }
    }

    // c = a·b, with steps from row to row and from column to column; four entries at a time, some twice where the size is odd.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Multiply(
        Vector512<float>* a, int aRow, int aColumn, Vector512<float>* b, int bRow, int bColumn, Vector512<float>* c, int size)
    {
        for (int row = 0; row < size; row += 2)
            for (int column = 0; column < size; column += 2)
            {
                var (i, j) = (Math.Min(row, size - 2), Math.Min(column, size - 2));
                Vector512<float> c00 = default, c01 = default, c10 = default, c11 = default;
                for (int k = 0; k < size; k++)
                {
                    var (a0, a1) = (a[i * aRow + k * aColumn], a[(i + 1) * aRow + k * aColumn]);
                    var (b0, b1) = (b[k * bRow + j * bColumn], b[k * bRow + (j + 1) * bColumn]);
                    (c00, c01) = (Vector512.FusedMultiplyAdd(a0, b0, c00), Vector512.FusedMultiplyAdd(a0, b1, c01));
                    (c10, c11) = (Vector512.FusedMultiplyAdd(a1, b0, c10), Vector512.FusedMultiplyAdd(a1, b1, c11));
                }
                (c[i * size + j], c[i * size + j + 1]) = (c00, c01);
                (c[(i + 1) * size + j], c[(i + 1) * size + j + 1]) = (c10, c11);
            }
    }

    // A body over sixteen matrices of each input, entries first: (given, other or 0, made, size).
    static Tensor Each(Tensor matrices, Tensor? others, Action<nint, nint, nint, int> body)
    {
        const int GroupsWorthAThread = 8;
        using var scope = NewDisposeScope();
        var (given, second) = (matrices.contiguous(), others?.contiguous());
        var made = empty_like(given);
        int size = (int)matrices.shape[^1], count = size * size;
        long number = matrices.numel() / count, groups = (number + Lane - 1) / Lane;
        nint beside = second is null ? 0 : MemoryRange.Of(second).First;
        var (from, to) = (MemoryRange.Of(given).First, MemoryRange.Of(made).First);
        Shares.Run(groups, (int)Math.Clamp(groups / GroupsWorthAThread, 1, get_num_threads()), (_, first, after) =>
        {
            using var room = new FloatBlock(3L * count * Lane);
            float* a = room.Start, b = a + count * Lane, c = b + count * Lane;
            for (long group = first; group < after; group++)
            {
                long offset = group * Lane * count, left = Math.Min(Lane, number - group * Lane);
                Gather((float*)from + offset, count, left, a);
                if (beside != 0) Gather((float*)beside + offset, count, left, b);
                body((nint)a, (nint)b, (nint)c, size);
                Scatter(c, count, left, (float*)to + offset);
            }
        });
        GC.KeepAlive(given);
        GC.KeepAlive(second);
        return scope.MoveToOuter(made);
    }

    // Matrices that are not there are 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Gather(float* matrices, int count, long left, float* entries)
    {
        var square = stackalloc Vector512<float>[Lane];
        for (int entry = 0; entry < count; entry += Lane)
        {
            int at = Math.Min(entry, count - Lane);
            for (int i = 0; i < Lane; i++) square[i] = i < left ? Vector512.Load(matrices + i * count + at) : Vector512<float>.Zero;
            Lanes.Transpose(square);
            for (int i = 0; i < Lane; i++) square[i].Store(entries + (at + i) * Lane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Scatter(float* entries, int count, long left, float* matrices)
    {
        var square = stackalloc Vector512<float>[Lane];
        for (int entry = 0; entry < count; entry += Lane)
        {
            int at = Math.Min(entry, count - Lane);
            for (int i = 0; i < Lane; i++) square[i] = Vector512.Load(entries + (at + i) * Lane);
            Lanes.Transpose(square);
            for (int i = 0; i < left; i++) square[i].Store(matrices + i * count + at);
        }
    }
}
