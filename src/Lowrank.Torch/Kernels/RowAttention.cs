using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lowrank.Torch;

/// <summary>Attention of one token a row to those before it, over keys and values where a cache holds them.</summary>
public static unsafe class RowAttention
{
    /// <summary>The score of a key that is not seen, large as it may be: not minus infinity, as a token that sees nothing would become
    /// NaN.</summary>
    public const float UnseenScore = -1e30f;

    const long WorthAThread = 1 << 18;   // products of queries and keys

    /// <summary>Whether it takes heads and a cache like these.</summary>
    /// <param name="headWidth">Numbers of a head.</param>
    /// <param name="dtype">Of the cache.</param>
    public static bool Suits(int headWidth, ScalarType dtype) =>
        headWidth % Lanes.Count == 0 && dtype is ScalarType.Float32 or ScalarType.BFloat16;

    /// <summary>Puts the token's keys and values behind those of a cache, and answers with softmax(q kᵀ · scale) v per head.</summary>
    /// <param name="query">(rows, heads · width).</param>
    /// <param name="key">(rows, key heads · width).</param>
    /// <param name="value">As the keys.</param>
    /// <param name="cache">Keys and values (rows, capacity, key heads, width), contiguous, of which <paramref name="length"/> are
    /// taken.</param>
    /// <param name="length">How many tokens went before; there is room for one more.</param>
    /// <param name="scale">Multiplies scores.</param>
    /// <param name="mask">Which keys are seen (rows, length + 1), bool; null for all.</param>
    /// <param name="answer">As the queries; may be their memory.</param>
    /// <exception cref="ShapeException">They do not fit each other.</exception>
    /// <exception cref="LowrankException">This thread may not take this way (<see cref="TokenRows.ArePossible"/>), or the cache is none
    /// that it <see cref="Suits"/>.</exception>
    public static void Run(
        TokenRows query, TokenRows key, TokenRows value, (Tensor Keys, Tensor Values) cache, long length, double scale, Tensor? mask,
        TokenRows answer)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(answer);
        TokenRows.RefuseImpossible();
        var (capacity, keyHeads, width) = SizesOf(cache, query, length);
        key.Expect(query.Count, keyHeads * width, "keys");
        value.Expect(query.Count, keyHeads * width, "values");
        answer.Expect(query.Count, query.Width, "answers");
        RefuseUnfit(mask, query.Count, length + 1);
        using var seen = mask?.contiguous();
        var job = new Job(
            query.Address, key.Address, value.Address, MemoryRange.Start(cache.Keys), MemoryRange.Start(cache.Values), answer.Address,
            seen is null ? 0 : MemoryRange.Start(seen), query.Width, (int)keyHeads, (int)width, capacity, length, (float)scale);
        long units = query.Count * keyHeads;
        int shares = query.Count * (length + 1) * query.Width < WorthAThread ? 1 : (int)Math.Min(get_num_threads(), units);
        bool isNarrow = cache.Keys.dtype == ScalarType.BFloat16;
        Shares.Run(units, shares, (_, first, after) =>
        {
            for (long unit = first; unit < after; unit++)
                if (isNarrow) Heads<ushort>(job, unit);
                else Heads<float>(job, unit);
        });
        GC.KeepAlive(cache.Keys);
        GC.KeepAlive(cache.Values);
        GC.KeepAlive(seen);
    }

    static (long Capacity, long Heads, long Width) SizesOf((Tensor Keys, Tensor Values) cache, TokenRows query, long length)
    {
        Span<long> sizes = stackalloc long[4], others = stackalloc long[4];
        bool areAlike = FewRows.HasSizes(cache.Keys, sizes) && FewRows.HasSizes(cache.Values, others) && sizes.SequenceEqual(others);
        var (rows, capacity, heads, width) = (sizes[0], sizes[1], sizes[2], sizes[3]);
        bool fits = areAlike && rows == query.Count && length >= 0 && length < capacity && width > 0 && heads > 0
            && query.Width % (heads * width) == 0;
        if (!fits)
            throw new ShapeException($"queries of {query.Count} rows of {query.Width} numbers, and {length} tokens before them, do not " +
                $"fit keys {cache.Keys.shape.Text()} and values {cache.Values.shape.Text()}, which are (rows, capacity, key heads, width)");
        bool suits = Suits((int)width, cache.Keys.dtype) && cache.Values.dtype == cache.Keys.dtype;
        if (suits && FewRows.IsPlain(cache.Keys) && FewRows.IsPlain(cache.Values)) return (capacity, heads, width);
        throw new LowrankException($"keys {cache.Keys.shape.Text()} of {cache.Keys.dtype} on {cache.Keys.device} and values of " +
            $"{cache.Values.dtype} on {cache.Values.device} must be contiguous on the CPU, both float32 or both bfloat16, of heads whose " +
            $"width {Lanes.Count} divides");
    }

    static void RefuseUnfit(Tensor? mask, long rows, long keys)
    {
        if (mask is null) return;
        bool isNear = mask.dtype == ScalarType.Bool && mask.device_type == DeviceType.CPU;
        if (isNear && mask.shape.AsSpan().SequenceEqual([rows, keys])) return;
        throw new ShapeException(
            $"a mask {mask.shape.Text()} of {mask.dtype} on {mask.device} must be ({rows}, {keys}) of bool on the CPU");
    }

    readonly record struct Job(
        nint Query, nint Key, nint Value, nint Keys, nint Values, nint Answer, nint Mask, int QueryWidth, int KeyHeads, int Width,
        long Capacity, long Length, float Scale);

    // The heads of a row that share a key head.
    static void Heads<T>(in Job job, long unit) where T : unmanaged
    {
        long row = unit / job.KeyHeads, head = unit % job.KeyHeads, step = (long)job.KeyHeads * job.Width;
        int width = job.Width, each = job.QueryWidth / (job.KeyHeads * width);
        T* keys = (T*)job.Keys + row * job.Capacity * step + head * width;
        T* values = (T*)job.Values + row * job.Capacity * step + head * width;
        Put((float*)job.Key + unit * width, keys + job.Length * step, width);
        Put((float*)job.Value + unit * width, values + job.Length * step, width);
        byte* mask = job.Mask == 0 ? null : (byte*)job.Mask + row * (job.Length + 1);
        using var scores = new FloatBlock(job.Length + 1 + Lanes.Count);
        for (int i = 0; i < each; i++)
        {
            long place = row * job.QueryWidth + (head * each + i) * width;
            Score((float*)job.Query + place, keys, step, width, job.Length + 1, job.Scale, mask, scores.Start);
            float sum = Weigh(scores.Start, job.Length + 1);
            Mix(scores.Start, values, step, width, job.Length + 1, 1 / sum, (float*)job.Answer + place);
        }
    }

    static void Put<T>(float* from, T* to, int width) where T : unmanaged
    {
        for (int i = 0; i < width; i += Lanes.Count) Lanes.Store(to + i, Vector512.Load(from + i));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Score<T>(float* query, T* keys, long step, int width, long count, float scale, byte* mask, float* scores)
        where T : unmanaged
    {
        long at = 0;
        for (; at + 4 <= count; at += 4)
        {
            T* a = keys + at * step, b = a + step, c = b + step, d = c + step;
            Vector512<float> sumA = default, sumB = default, sumC = default, sumD = default;
            for (int i = 0; i < width; i += Lanes.Count)
            {
                var asking = Vector512.Load(query + i);
                sumA = Avx512F.FusedMultiplyAdd(Lanes.Load(a + i), asking, sumA);
                sumB = Avx512F.FusedMultiplyAdd(Lanes.Load(b + i), asking, sumB);
                sumC = Avx512F.FusedMultiplyAdd(Lanes.Load(c + i), asking, sumC);
                sumD = Avx512F.FusedMultiplyAdd(Lanes.Load(d + i), asking, sumD);
            }
            (Lanes.Sums(sumA, sumB, sumC, sumD) * scale).Store(scores + at);
        }
        for (; at < count; at++)
        {
            var sum = Vector512<float>.Zero;
            for (int i = 0; i < width; i += Lanes.Count)
                sum = Avx512F.FusedMultiplyAdd(Lanes.Load(keys + at * step + i), Vector512.Load(query + i), sum);
            scores[at] = Lanes.Sums(sum, sum, sum, sum)[0] * scale;
        }
        if (mask is null) return;
        for (at = 0; at < count; at++)
            if (mask[at] == 0) scores[at] = UnseenScore;
    }

    // exp(score - largest), and their sum.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Weigh(float* scores, long count)
    {
        for (int i = 0; i < Lanes.Count; i++) scores[count + i] = float.NegativeInfinity;   // the last vector is filled up
        var most = Vector512.Create(float.NegativeInfinity);
        for (long at = 0; at < count; at += Lanes.Count) most = Vector512.Max(most, Vector512.Load(scores + at));
        float largest = float.NegativeInfinity;
        for (int i = 0; i < Lanes.Count; i++) largest = Math.Max(largest, most[i]);
        var sum = Vector512<float>.Zero;
        for (long at = 0; at < count; at += Lanes.Count)
        {
            var weight = Vector512.Exp(Vector512.Load(scores + at) - Vector512.Create(largest));
            weight.Store(scores + at);
            sum += weight;
        }
        return Vector512.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Mix<T>(float* weights, T* values, long step, int width, long count, float scale, float* answer) where T : unmanaged
    {
        int i = 0;
        for (; i + 4 * Lanes.Count <= width; i += 4 * Lanes.Count)
        {
            Vector512<float> a = default, b = default, c = default, d = default;
            for (long at = 0; at < count; at++)
            {
                var weight = Vector512.Create(weights[at]);
                T* from = values + at * step + i;
                a = Avx512F.FusedMultiplyAdd(Lanes.Load(from), weight, a);
                b = Avx512F.FusedMultiplyAdd(Lanes.Load(from + Lanes.Count), weight, b);
                c = Avx512F.FusedMultiplyAdd(Lanes.Load(from + 2 * Lanes.Count), weight, c);
                d = Avx512F.FusedMultiplyAdd(Lanes.Load(from + 3 * Lanes.Count), weight, d);
            }
            (a * scale).Store(answer + i);
            (b * scale).Store(answer + i + Lanes.Count);
            (c * scale).Store(answer + i + 2 * Lanes.Count);
            (d * scale).Store(answer + i + 3 * Lanes.Count);
        }
        for (; i < width; i += Lanes.Count)
        {
            var sum = Vector512<float>.Zero;
            for (long at = 0; at < count; at++)
                sum = Avx512F.FusedMultiplyAdd(Lanes.Load(values + at * step + i), Vector512.Create(weights[at]), sum);
            (sum * scale).Store(answer + i);
        }
    }
}
