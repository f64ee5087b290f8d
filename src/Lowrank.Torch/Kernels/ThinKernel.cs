using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Torch;

/// <summary>A thin branch added to a layer's answer in one pass over its tokens: what A makes of some tokens stays in float32 in the
/// first cache until B has spread it over their answer, which is rounded once.</summary>
/// <remarks>libtorch takes two products for it, whose beginning costs a small layer more than they do, and in bfloat16 it runs one so thin
/// at a quarter of the rate of a square one.</remarks>
static unsafe class ThinKernel
{
    const int Panel = 64;   // tokens whose low rows stay in the first cache, and for whose sake a piece of A is fetched once
    const int Piece = 128;   // channels at a time: a piece of A with three vectors, or of the tokens, takes half of the first cache

    // From here on a second thread gains more than its beginning takes.
    const long Shared = 1 << 20;

    /// <summary>Whether it takes input and answer like these, contiguous, of one dtype.</summary>
    public static bool Suits(Tensor x) =>
        Lanes.AreSupported && x.device_type == DeviceType.CPU && x.dtype is ScalarType.Float32 or ScalarType.BFloat16;

    /// <summary>Whether it is faster than libtorch's two products.</summary>
    /// <remarks>
    /// Measured on Sapphire Rapids without AMX, on one thread, with Stable Diffusion 1.5's shapes and 48 ranks: in bfloat16 0.3 to 0.7 of
    /// the products' time. In float32 MKL is as fast from a hundred tokens on; with 32 the kernel takes 0.6 of it, with one 0.2. On Zen 4,
    /// whose bfloat16 goes twice as fast as float32, it takes 0.85 of the products' time with 32 tokens, and 1.4 to 1.9 from 128 on. Not
    /// measured: where float32 is left to AVX2 MKL has half of that rate, and by tiles bfloat16 has several times the kernel's.
    /// </remarks>
    public static bool IsFaster(ScalarType dtype, long tokens)
    {
        const long Few = 64, FewBesideTiles = 16, FewBesidePairs = 32;
        var processor = Processor.Current;
        if (dtype != ScalarType.BFloat16) return processor.LeavesFloat32ToAvx2 || tokens <= Few;
        if (processor.MultipliesBFloat16Tiles) return tokens <= FewBesideTiles;
        bool multipliesPairs = processor.LeavesFloat32ToAvx2 && processor.MultipliesBFloat16;   // AMD's, two numbers at a time
        return !multipliesPairs || tokens <= FewBesidePairs;
    }

    /// <summary>answer (tokens, out) += x (tokens, in) Aᵀ Bᵀ, or of places answer (pictures, out, places) += B A x (pictures, in,
    /// places).</summary>
    /// <param name="pack">A and B.</param>
    /// <param name="x">Contiguous.</param>
    /// <param name="answer">Contiguous, of x's dtype.</param>
    /// <param name="threads">How many may work on it.</param>
    public static void Add(ThinPack pack, Tensor x, Tensor answer, int threads)
    {
        long tokens = x.numel() / pack.Inputs;
        if (tokens == 0) return;
        long places = pack.IsOfPlaces ? tokens / x.shape[0] : 1;
        if (tokens * pack.Ranks * (pack.Inputs + pack.Outputs) < Shared) threads = 1;
        var (from, to) = (MemoryRange.Start(x), MemoryRange.Start(answer));
        if (x.dtype == ScalarType.BFloat16) Run(pack, (ushort*)from, (ushort*)to, tokens, places, threads);
        else Run(pack, (float*)from, (float*)to, tokens, places, threads);
        GC.KeepAlive(pack);
        GC.KeepAlive(x);
        GC.KeepAlive(answer);
    }

    static void Run<T>(ThinPack pack, T* x, T* answer, long tokens, long places, int threads) where T : unmanaged
    {
        if (pack.IsOfPlaces)
        {
            var strips = StripsOf(places);
            long units = tokens / places * strips.Length;
            int shares = (int)Math.Min(threads, units);
            Shares.Run(units, shares, (_, from, after) => Places(pack, x, answer, places, strips, from, after));
            return;
        }
        long tiles = (tokens + ThinTile.Rows - 1) / ThinTile.Rows;
        if (threads == 1 || tiles == 1) Tokens(pack, x, answer, 0, tokens);
        else
            Shares.Run(tiles, (int)Math.Min(threads, tiles), (_, from, after) =>
                Tokens(pack, x, answer, from * ThinTile.Rows, Math.Min(after * ThinTile.Rows, tokens)));
    }

    static (int First, int Width)[] StripsOf(long places)
    {
        var strips = new List<(int, int)>();
        for (int done = 0, vectors = ThinPack.Vectors(places); done < vectors; done += strips[^1].Item2)
            strips.Add((done, ThinTile.Width(vectors - done)));
        return [.. strips];
    }

    static void Tokens<T>(ThinPack pack, T* x, T* answer, long first, long after) where T : unmanaged
    {
        int lowStep = ThinPack.Vectors(pack.Ranks) * Lanes.Count;
        int panel = (int)Math.Min(Panel, (after - first + ThinTile.Rows - 1) / ThinTile.Rows * ThinTile.Rows);
        using var room = new FloatBlock((long)panel * (lowStep + Piece) + ThinTile.Rows * ThinTile.Numbers);
        float* low = room.Start, wide = low + (long)panel * lowStep, sums = wide + panel * Piece;
        for (long token = first; token < after; token += Panel)
        {
            int count = (int)Math.Min(Panel, after - token);
            for (int channel = 0; channel < pack.Inputs; channel += Piece)
            {
                int channels = Math.Min(Piece, pack.Inputs - channel);
                Widen(x + token * pack.Inputs + channel, pack.Inputs, count, channels, wide, Piece);
                if (channel == 0) Clear(wide + (long)count * Piece, Whole(count) - count);
                Lower(pack, channel, channels, wide, count, low, lowStep);
            }
            Spread(pack, low, lowStep, count, answer + token * pack.Outputs, sums);
        }
    }

    // low (count, ranks) += a piece of the tokens times that of A.
    static void Lower(ThinPack pack, int channel, int channels, float* wide, int count, float* low, int lowStep)
    {
        int vectors = lowStep / Lanes.Count, width;
        float* strip = pack.Down;
        for (int done = 0; done < vectors; done += width, low += width * Lanes.Count)
        {
            width = ThinTile.Width(vectors - done);
            int step = width * Lanes.Count;
            Multiply(strip + (long)channel * step, width, wide, Piece, channels, count, low, lowStep, channel == 0);
            strip += (long)pack.Inputs * step;
        }
    }

    static void Spread<T>(ThinPack pack, float* low, int lowStep, int count, T* answer, float* sums) where T : unmanaged
    {
        int vectors = ThinPack.Vectors(pack.Outputs), width;
        for (int row = 0; row < count; row += ThinTile.Rows, low += ThinTile.Rows * lowStep)
        {
            int rows = Math.Min(ThinTile.Rows, count - row);
            float* strip = pack.Up;
            for (int done = 0; done < vectors; done += width)
            {
                width = ThinTile.Width(vectors - done);
                int output = done * Lanes.Count, outputs = Math.Min(width * Lanes.Count, pack.Outputs - output);
                Multiply(strip, width, low, lowStep, pack.Ranks, rows, sums, ThinTile.Numbers, true);
                AddTo(answer + (long)row * pack.Outputs + output, pack.Outputs, rows, outputs, sums);
                strip += (long)pack.Ranks * width * Lanes.Count;
            }
        }
    }

    // Two rows that are left are faster one by one than as a tile.
    static void Multiply(float* strip, int width, float* rows, long step, int channels, int count, float* sums, long sumStep, bool isFirst)
    {
        const int Few = 2;
        int row = 0;
        for (; count - row > Few; row += ThinTile.Rows)
            ThinTile.Run(strip, width, rows + row * step, step, channels, sums + row * sumStep, sumStep, isFirst);
        for (; row < count; row++)
            ThinTile.RunRow(strip, width, rows + row * step, channels, sums + row * sumStep, isFirst);
    }

    static void Places<T>(ThinPack pack, T* x, T* answer, long places, (int First, int Width)[] strips, long first, long after)
        where T : unmanaged
    {
        int lows = Whole(pack.Ranks);
        using var room = new FloatBlock((long)ThinTile.Numbers * (lows + Piece + ThinTile.Rows));
        float* low = room.Start, wide = low + (long)lows * ThinTile.Numbers, sums = wide + Piece * ThinTile.Numbers;
        for (long unit = first; unit < after; unit++)
        {
            var (picture, (vector, width)) = (unit / strips.Length, strips[unit % strips.Length]);
            int place = vector * Lanes.Count, step = width * Lanes.Count, count = (int)Math.Min(step, places - place);
            T* input = x + picture * pack.Inputs * places + place, output = answer + picture * pack.Outputs * places + place;
            for (int channel = 0; channel < pack.Inputs; channel += Piece)
            {
                int channels = Math.Min(Piece, pack.Inputs - channel);
                Widen(input + channel * places, places, channels, count, wide, step);
                for (int rank = 0; rank < lows; rank += ThinTile.Rows)
                    ThinTile.Run(wide, width, pack.Down + (long)rank * pack.Inputs + channel, pack.Inputs, channels,
                        low + rank * step, step, channel == 0);
            }
            for (int channel = 0; channel < pack.Outputs; channel += ThinTile.Rows)
            {
                ThinTile.Run(low, width, pack.Up + (long)channel * pack.Ranks, pack.Ranks, pack.Ranks, sums, ThinTile.Numbers, true);
                AddTo(output + channel * places, places, Math.Min(ThinTile.Rows, pack.Outputs - channel), count, sums);
            }
        }
    }

    static int Whole(int rows) => (rows + ThinTile.Rows - 1) / ThinTile.Rows * ThinTile.Rows;

    // Rows that a tile has and the tokens have not: what lay there might be numbers that are slow to multiply.
    static void Clear(float* rows, int count) => new Span<float>(rows, count * Piece).Clear();

    // Some rows as float32; the last vector of each is filled with zeros.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Widen<T>(T* from, long fromStep, int rows, int count, float* to, int step) where T : unmanaged
    {
        for (int row = 0; row < rows; row++, from += fromStep, to += step)
        {
            int i = 0;
            for (; i <= count - Lanes.Count; i += Lanes.Count) Lanes.Load(from + i).Store(to + i);
            if (i < count) Lanes.Load(from + i, count - i).Store(to + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddTo<T>(T* answer, long step, int rows, int count, float* sums) where T : unmanaged
    {
        for (int row = 0; row < rows; row++, answer += step, sums += ThinTile.Numbers)
        {
            int i = 0;
            for (; i <= count - Lanes.Count; i += Lanes.Count) Lanes.Store(answer + i, Lanes.Load(answer + i) + Vector512.Load(sums + i));
            if (i == count) continue;
            int left = count - i;
            Lanes.Store(answer + i, Lanes.Load(answer + i, left) + Vector512.Load(sums + i), left);
        }
    }
}
