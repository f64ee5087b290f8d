using System.Numerics;
using System.Runtime.InteropServices;

namespace Lowrank.Language;

/// <summary>What processors do with a row of logits, several entries at a time.</summary>
static class Logits
{
    internal static float Max(ReadOnlySpan<float> logits)
    {
        float max = float.NegativeInfinity;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(logits);
        if (vectors.Length > 0)
        {
            var highest = vectors[0];
            foreach (var vector in vectors) highest = Vector.Max(highest, vector);
            for (int i = 0; i < Vector<float>.Count; i++) max = Math.Max(max, highest[i]);
        }
        foreach (float logit in logits[(vectors.Length * Vector<float>.Count)..]) max = Math.Max(max, logit);
        return max;
    }

    internal static int ArgMax(ReadOnlySpan<float> logits)
    {
        float max = Max(logits);
        if (float.IsNaN(max) || float.IsNegativeInfinity(max))
            throw new LowrankException("no token is left to choose: every logit is -infinity or NaN. Do filters or a grammar leave none, " +
                "or does the model compute NaN?");
        return logits.IndexOf(max);
    }

    /// <summary>exp(x − max) of each, and their sum.</summary>
    internal static double Exponentials(ReadOnlySpan<float> logits, Span<float> into)
    {
        float max = Max(logits);
        var shift = new Vector<float>(max);
        var from = MemoryMarshal.Cast<float, Vector<float>>(logits);
        var to = MemoryMarshal.Cast<float, Vector<float>>(into);
        double sum = 0;
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = Vector.Exp(from[i] - shift);
            sum += Vector.Sum(to[i]);
        }
        for (int i = from.Length * Vector<float>.Count; i < logits.Length; i++)
        {
            into[i] = MathF.Exp(logits[i] - max);
            sum += into[i];
        }
        return sum;
    }

    internal static void Softmax(ReadOnlySpan<float> logits, Span<float> into)
    {
        double sum = Exponentials(logits, into);
        Divide(into, (float)sum);
    }

    internal static void LogSoftmax(Span<float> logits)
    {
        using var exponentials = new Rented(logits.Length);
        double sum = Exponentials(logits, exponentials.Span);
        Subtract(logits, (float)(Max(logits) + Math.Log(sum)));
    }

    internal static void Divide(Span<float> logits, float divisor)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(logits);
        var divisors = new Vector<float>(divisor);
        for (int i = 0; i < vectors.Length; i++) vectors[i] /= divisors;
        for (int i = vectors.Length * Vector<float>.Count; i < logits.Length; i++) logits[i] /= divisor;
    }

    internal static void Subtract(Span<float> logits, float number)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(logits);
        var numbers = new Vector<float>(number);
        for (int i = 0; i < vectors.Length; i++) vectors[i] -= numbers;
        for (int i = vectors.Length * Vector<float>.Count; i < logits.Length; i++) logits[i] -= number;
    }

    /// <summary>What is below a threshold becomes −∞.</summary>
    internal static void DropBelow(Span<float> logits, float threshold)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(logits);
        var thresholds = new Vector<float>(threshold);
        var none = new Vector<float>(float.NegativeInfinity);
        for (int i = 0; i < vectors.Length; i++) vectors[i] = Vector.ConditionalSelect(Vector.LessThan(vectors[i], thresholds), none,
            vectors[i]);
        for (int i = vectors.Length * Vector<float>.Count; i < logits.Length; i++)
            if (logits[i] < threshold) logits[i] = float.NegativeInfinity;
    }

    /// <summary>The value that <paramref name="count"/> entries reach or exceed.</summary>
    internal static float Largest(ReadOnlySpan<float> logits, int count)
    {
        // A heap of the largest seen so far, its smallest on top.
        var heap = new PriorityQueue<float, float>(count);
        foreach (float logit in logits[..count]) heap.Enqueue(logit, logit);
        float lowest = heap.Peek();
        var rest = logits[count..];
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(rest);
        var lowests = new Vector<float>(lowest);
        foreach (var vector in vectors)
        {
            if (!Vector.GreaterThanAny(vector, lowests)) continue;
            for (int i = 0; i < Vector<float>.Count; i++)
                if (vector[i] > lowest) lowest = Exchange(heap, vector[i]);
            lowests = new(lowest);
        }
        foreach (float logit in rest[(vectors.Length * Vector<float>.Count)..])
            if (logit > lowest) lowest = Exchange(heap, logit);
        return lowest;
    }

    static float Exchange(PriorityQueue<float, float> heap, float logit)
    {
        heap.DequeueEnqueue(logit, logit);
        return heap.Peek();
    }
}
