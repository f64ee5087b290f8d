using System.Runtime.Intrinsics;

namespace Lowrank.Torch;

/// <summary>A and B of a thin branch in float32, in the order in which <see cref="ThinKernel"/> reads them.</summary>
/// <remarks>
/// Where a token's channels follow each other, A and B are strips, whose vectors are ranks and outputs; where a channel's places do, these
/// are the vectors, and A and B stay rows, as many as whole tiles have.
/// </remarks>
sealed unsafe class ThinPack : IDisposable
{
    /// <summary>The most ranks: of more, the low rows of some tokens would leave the first cache.</summary>
    public const int MostRanks = 256;

    readonly FloatBlock down, up;

    /// <summary>A copy of two factors.</summary>
    /// <param name="down">A, (rank, in), or with trailing ones; float32.</param>
    /// <param name="up">B, (out, rank); float32.</param>
    /// <param name="isOfPlaces">Whether it is for channels first.</param>
    /// <exception cref="ShapeException">B has other ranks than A, or one is not float32 on the CPU.</exception>
    public ThinPack(Tensor down, Tensor up, bool isOfPlaces)
    {
        bool areNear = down.device_type == DeviceType.CPU && up.device_type == DeviceType.CPU;
        bool areWide = down.dtype == ScalarType.Float32 && up.dtype == ScalarType.Float32;
        if (!areNear || !areWide || down.dim() < 2 || up.numel() != up.shape[0] * down.shape[0])
            throw new ShapeException($"factors {down.shape.Text()} of {down.dtype} on {down.device} and {up.shape.Text()} of {up.dtype} " +
                $"on {up.device} are not packed: they are (rank, in) and (out, rank), float32 on the CPU");
        using var scope = NewDisposeScope();
        var (a, b) = (down.contiguous(), up.contiguous());
        (Ranks, Inputs, Outputs) = ((int)a.shape[0], (int)(a.numel() / a.shape[0]), (int)b.shape[0]);
        IsOfPlaces = isOfPlaces;
        this.down = Packed((float*)MemoryRange.Start(a), Ranks, Inputs);
        this.up = Packed((float*)MemoryRange.Start(b), Outputs, Ranks);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
    }

    /// <summary>The sum of ranks.</summary>
    public int Ranks { get; }

    /// <summary>Channels in.</summary>
    public int Inputs { get; }

    /// <summary>Channels out.</summary>
    public int Outputs { get; }

    /// <summary>Whether it is for channels first.</summary>
    public bool IsOfPlaces { get; }

    /// <summary>A.</summary>
    public float* Down => down.Start;

    /// <summary>B.</summary>
    public float* Up => up.Start;

    /// <summary>Of a number of ranks, outputs or places so many vectors.</summary>
    public static int Vectors(long count) => (int)((count + Lanes.Count - 1) / Lanes.Count);

    FloatBlock Packed(float* matrix, int rows, int width)
    {
        if (IsOfPlaces) return Rows(matrix, rows, width);
        var block = new FloatBlock((long)Vectors(rows) * Lanes.Count * width);
        Strips(matrix, rows, width, block.Start);
        return block;
    }

    static FloatBlock Rows(float* matrix, int rows, int width)
    {
        int whole = (rows + ThinTile.Rows - 1) / ThinTile.Rows * ThinTile.Rows;
        var block = FloatBlock.Zeros((long)whole * width);
        Buffer.MemoryCopy(matrix, block.Start, (long)whole * width * sizeof(float), (long)rows * width * sizeof(float));
        return block;
    }

    // A strip's numbers of one column of the matrix follow each other, then those of the next.
    static void Strips(float* matrix, int rows, int width, float* into)
    {
        int vectors = Vectors(rows), wide;
        for (int done = 0; done < vectors; done += wide, into += (long)wide * Lanes.Count * width)
        {
            wide = ThinTile.Width(vectors - done);
            for (int vector = 0; vector < wide; vector++)
            {
                int first = (done + vector) * Lanes.Count;
                Strip(matrix + (long)first * width, Math.Min(Lanes.Count, rows - first), width, into + vector * Lanes.Count,
                    wide * Lanes.Count);
            }
        }
    }

    static void Strip(float* matrix, int rows, int width, float* into, int step)
    {
        var square = stackalloc Vector512<float>[Lanes.Count];
        for (int column = 0; column < width; column += Lanes.Count)
        {
            int columns = Math.Min(Lanes.Count, width - column);
            for (int i = 0; i < Lanes.Count; i++)
                square[i] = i < rows ? Lanes.Load(matrix + (long)i * width + column, columns) : Vector512<float>.Zero;
            Lanes.Transpose(square);
            for (int i = 0; i < columns; i++) square[i].Store(into + (long)(column + i) * step);
        }
    }

    // A model may be gone before its adapters are taken out.
    /// <summary>Frees the memory of a pack that nobody disposed of.</summary>
    ~ThinPack() => Free();

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    void Free()
    {
        // Not there where the making failed.
        down?.Dispose();
        up?.Dispose();
    }
}
