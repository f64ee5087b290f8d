using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lowrank.Torch;

/// <summary>Few rows times weights: what a language model does for each token that it writes.</summary>
/// <remarks>
/// Such a product is as fast as the weight is read. libtorch reads bfloat16 slowly: 57 MB take 5.2 ms on one thread of a Xeon with
/// AVX-512, float32's 113 MB 7.6. Here it is widened on the way, x is float32 beside it, and so are sums: 3.0 ms. What a row gives
/// does not hang on those beside it.
/// </remarks>
static unsafe class RowProduct
{
    const int Rows = 4, Tokens = 4;   // rows of a weight, and of x, that are read beside each other
    const int PiecesAThread = 4;       // a thread whose memory is slow does fewer
    const long BytesWorthAThread = 128 << 10;

    /// <summary>Whether it takes a product like this, with nothing to record.</summary>
    public static bool Suits(Tensor x, Tensor weight, Tensor? bias)
    {
        if (weight.dtype != ScalarType.BFloat16 || !Lanes.AreSupported) return false;
        long inputs = weight.shape[1], numbers = x.numel();
        bool fits = x.shape[^1] == inputs && numbers > 0 && numbers <= TokenRows.Most * inputs && Takes(weight, bias);
        return fits && FewRows.IsPlain(x) && !FewRows.AreRecorded(x, weight, bias);
    }

    /// <summary>Whether it takes a weight (out, in) and a bias of their own kinds.</summary>
    public static bool Takes(Tensor weight, Tensor? bias)
    {
        if (weight.shape is not [>= Rows and var outputs, var inputs] || inputs % Lanes.Count != 0) return false;
        bool hasEach = bias is null || bias.shape is [var biases] && biases == outputs;   // another would be read beyond its end
        return hasEach && FewRows.IsPlain(weight) && FewRows.IsPlain(bias);
    }

    /// <summary>x Wᵀ + b in x's dtype.</summary>
    public static Tensor Run(Tensor x, Tensor weight, Tensor? bias)
    {
        long[] shape = x.shape;
        int inputs = (int)shape[^1];
        shape[^1] = weight.shape[0];
        using var wide = new TokenRows((int)(x.numel() / inputs), inputs);
        wide.Take(x);
        var answer = empty(shape, x.dtype, x.device);
        Run([new(wide, weight, bias, MemoryRange.Start(answer), (int)shape[^1]) { IsNarrow = x.dtype == ScalarType.BFloat16 }]);
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        return answer;
    }

    /// <summary>Several products at once, which threads share.</summary>
    public static void Run(Product[] products)
    {
        long bytes = products.Sum(product => (long)product.Outputs * product.Inputs * (product.IsWeightNarrow ? 2 : 4));
        int shares = (int)Math.Clamp(bytes / BytesWorthAThread, 1, get_num_threads());
        int pieces = shares == 1 ? 1 : shares * PiecesAThread;
        Crew.Run(pieces, shares, piece =>
        {
            foreach (var product in products)
            {
                long groups = product.Outputs / Rows, first = groups * piece / pieces, after = groups * (piece + 1) / pieces;
                for (long group = first; group < after; group++) Group(product, group * Rows);
                bool isLast = piece == pieces - 1 && product.Outputs % Rows != 0;
                if (isLast) Group(product, product.Outputs - Rows);   // the last rows, some of them again
            }
        });
    }

    /// <summary>One of them.</summary>
    /// <param name="x">(tokens, inputs); the caller keeps it, and the weight.</param>
    /// <param name="weight">(outputs, inputs).</param>
    /// <param name="bias">(outputs), or null.</param>
    /// <param name="answer">(tokens, outputs).</param>
    /// <param name="outputs">Rows of the weight.</param>
    public readonly struct Product(TokenRows x, Tensor weight, Tensor? bias, nint answer, int outputs)
    {
        public readonly float* X = x.Start;
        public readonly nint Weight = MemoryRange.Start(weight), Bias = bias is null ? 0 : MemoryRange.Start(bias), Answer = answer;
        public readonly bool IsWeightNarrow = weight.dtype == ScalarType.BFloat16, IsBiasNarrow = bias?.dtype == ScalarType.BFloat16;
        public readonly int Tokens = x.Count, Inputs = x.Width, Outputs = outputs;

        /// <summary>Whether the answer is of bfloat16; else float32.</summary>
        public bool IsNarrow { get; init; }
    }

    static void Group(in Product product, long row)
    {
        if (product.IsWeightNarrow) Group((ushort*)product.Weight + row * product.Inputs, product, row);
        else Group((float*)product.Weight + row * product.Inputs, product, row);
    }

    static void Group<T>(T* weight, in Product product, long row) where T : unmanaged
    {
        int token = 0;
        for (; token + Tokens <= product.Tokens; token += Tokens)
            for (int i = 0; i < Rows; i += 2) Tile(weight + (long)i * product.Inputs, product, token, row + i);
        for (; token < product.Tokens; token++) Token(weight, product, token, row);
    }

    // Four outputs of a token. Each row is read to its end: four at a time are four streams, and on an EPYC half as fast.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Token<T>(T* weight, in Product product, int token, long row) where T : unmanaged
    {
        int inputs = product.Inputs;
        T* b = weight + inputs, c = b + inputs, d = c + inputs;
        float* x = product.X + (long)token * inputs;
        var sums = Lanes.Sums(Products(weight, x, inputs), Products(b, x, inputs), Products(c, x, inputs), Products(d, x, inputs));
        for (int i = 0; i < Rows; i++) Put(product, token, row + i, sums[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Products<T>(T* weight, float* x, int count) where T : unmanaged
    {
        Vector512<float> sum = default;
        for (int i = 0; i < count; i += Lanes.Count) sum = Avx512F.FusedMultiplyAdd(Lanes.Load(weight + i), Vector512.Load(x + i), sum);
        return sum;
    }

    // Two outputs of four tokens: a weight is widened once for all of them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile<T>(T* a, in Product product, int token, long row) where T : unmanaged
    {
        int inputs = product.Inputs;
        T* b = a + inputs;
        float* x0 = product.X + (long)token * inputs, x1 = x0 + inputs, x2 = x1 + inputs, x3 = x2 + inputs;
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        for (int i = 0; i < inputs; i += Lanes.Count)
        {
            var (first, second) = (Lanes.Load(a + i), Lanes.Load(b + i));
            var given = Vector512.Load(x0 + i);
            a0 = Avx512F.FusedMultiplyAdd(first, given, a0);
            b0 = Avx512F.FusedMultiplyAdd(second, given, b0);
            given = Vector512.Load(x1 + i);
            a1 = Avx512F.FusedMultiplyAdd(first, given, a1);
            b1 = Avx512F.FusedMultiplyAdd(second, given, b1);
            given = Vector512.Load(x2 + i);
            a2 = Avx512F.FusedMultiplyAdd(first, given, a2);
            b2 = Avx512F.FusedMultiplyAdd(second, given, b2);
            given = Vector512.Load(x3 + i);
            a3 = Avx512F.FusedMultiplyAdd(first, given, a3);
            b3 = Avx512F.FusedMultiplyAdd(second, given, b3);
        }
        var (ofA, ofB) = (Lanes.Sums(a0, a1, a2, a3), Lanes.Sums(b0, b1, b2, b3));
        for (int i = 0; i < Tokens; i++)
        {
            Put(product, token + i, row, ofA[i]);
            Put(product, token + i, row + 1, ofB[i]);
        }
    }

    static void Put(in Product product, int token, long row, float sum)
    {
        if (product.Bias != 0)
            sum += product.IsBiasNarrow ? BFloat16.Widened(((ushort*)product.Bias)[row]) : ((float*)product.Bias)[row];
        long place = (long)token * product.Outputs + row;
        if (product.IsNarrow) ((ushort*)product.Answer)[place] = BFloat16.Rounded(sum);
        else ((float*)product.Answer)[place] = sum;
    }
}
