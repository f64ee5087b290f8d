namespace Lowrank.Formats;

/// <summary>The values that a pickle's opcodes put down and take up again, with marks between them.</summary>
sealed class PickleStack(PickleBytes bytes)
{
    static readonly object mark = new();

    readonly List<object?> values = [];

    internal void Push(object? value) => values.Add(value);

    internal void PushMark() => values.Add(mark);

    internal object? Top() =>
        values.Count > 0 && values[^1] != mark ? values[^1] : throw bytes.Fault("the pickle takes a value where there is none");

    internal T Top<T>(string kind) where T : class => Top() as T ?? throw OtherThan(kind);

    internal object? Pop()
    {
        var value = Top();
        values.RemoveAt(values.Count - 1);
        return value;
    }

    internal T Pop<T>(string kind) where T : class => Pop() as T ?? throw OtherThan(kind);

    /// <summary>The last values, in the order in which they were put down.</summary>
    internal object?[] Pop(int count)
    {
        var popped = new object?[count];
        for (int i = count - 1; i >= 0; i--) popped[i] = Pop();
        return popped;
    }

    /// <summary>What was put down since the last mark, which goes too.</summary>
    internal List<object?> PopToMark()
    {
        int start = values.LastIndexOf(mark);
        if (start < 0) throw bytes.Fault("the pickle goes back to a mark that is not there");
        var popped = values.GetRange(start + 1, values.Count - start - 1);
        values.RemoveRange(start, values.Count - start);
        return popped;
    }

    PickleException OtherThan(string kind) => bytes.Fault($"the pickle treats a value as a {kind} that is none");
}
