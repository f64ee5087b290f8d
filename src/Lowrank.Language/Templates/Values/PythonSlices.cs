using System.Numerics;

namespace Lowrank.Language;

/// <summary>Places and slices of texts, lists and ranges, counted from the end where negative.</summary>
static class PythonSlices
{
    /// <summary>The item at a place; null if there is none.</summary>
    public static object? At(object sequence, BigInteger index)
    {
        var length = PythonTypes.Length(sequence);
        if (index.Sign < 0) index += length;
        if (index.Sign < 0 || index >= length) return null;
        return sequence switch
        {
            MarkedText text => Character(text, (int)index),
            PythonRange range => range.At(index),
            PythonTuple tuple => tuple.Items[(int)index],
            List<object> list => list[(int)index],
            _ => null,
        };
    }

    static MarkedText Character(MarkedText text, int index)
    {
        if (text.Length == text.Value.Length) return text.Part(index, 1);
        var starts = PythonPoints.Starts(text.Value);
        return text.Part(starts[index], starts[index + 1] - starts[index]);
    }

    /// <summary>A slice; null where the value has none.</summary>
    /// <param name="sequence">A text, list, tuple or range.</param>
    /// <param name="from">Where it begins, or None.</param>
    /// <param name="to">Where it ends, or None.</param>
    /// <param name="by">The step, or None.</param>
    public static object? Slice(object sequence, object from, object to, object by)
    {
        if (sequence is not (MarkedText or List<object> or PythonTuple or PythonRange)) return null;
        int step = by is PythonNone ? 1 : PythonTypes.IntArgument(by);
        if (step == 0) throw new TemplateFault(TemplateFault.Value, "slice step cannot be zero");
        int length = (int)PythonTypes.Length(sequence);
        int start = Bound(from, length, step, step > 0 ? 0 : length - 1);
        int stop = Bound(to, length, step, step > 0 ? length : -1);
        if (sequence is MarkedText text) return SliceOf(text, start, stop, step);
        if (sequence is PythonRange range)
            return new PythonRange(range.Start + start * range.Step, range.Start + stop * range.Step, range.Step * step);
        var items = sequence as IReadOnlyList<object> ?? ((PythonTuple)sequence).Items;
        var part = Places(start, stop, step).Select(place => items[place]).ToList();
        return sequence is PythonTuple ? new PythonTuple(part) : part;
    }

    static int Bound(object given, int length, int step, int otherwise)
    {
        if (given is PythonNone) return otherwise;
        if (PythonArithmetic.Whole(given) is null)
            throw new TemplateFault(TemplateFault.Type, "slice indices must be integers or None or have an __index__ method");
        long place = PythonTypes.IntArgument(given);
        if (place < 0) place += length;
        return (int)(step > 0 ? Math.Clamp(place, 0, length) : Math.Clamp(place, -1, length - 1));
    }

    static IEnumerable<int> Places(int start, int stop, int step)
    {
        for (long place = start; step > 0 ? place < stop : place > stop; place += step) yield return (int)place;
    }

    static MarkedText SliceOf(MarkedText text, int start, int stop, int step)
    {
        bool isPlain = text.Length == text.Value.Length;
        if (isPlain && step == 1) return text.Part(start, Math.Max(0, stop - start));
        var starts = PythonPoints.Starts(text.Value);
        if (step == 1) return stop <= start ? MarkedText.Empty.As(text.IsMarkup) : text.Part(starts[start], starts[stop] - starts[start]);
        var builder = new TextBuilder();
        foreach (int place in Places(start, stop, step)) builder.Append(text, starts[place], starts[place + 1] - starts[place]);
        return builder.ToText().As(text.IsMarkup);
    }
}
