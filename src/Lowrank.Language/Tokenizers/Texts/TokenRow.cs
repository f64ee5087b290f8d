namespace Lowrank.Language;

/// <summary>Tokens under way, column by column.</summary>
sealed class TokenRow
{
    /// <summary>Ids.</summary>
    public List<int> Ids { get; } = [];

    /// <summary>Stretches of the source, in code points.</summary>
    public List<TextSpan> Spans { get; } = [];

    /// <summary>Which text each belongs to.</summary>
    public List<int> TypeIds { get; } = [];

    /// <summary>Whether each was added by the template.</summary>
    public List<bool> Added { get; } = [];

    /// <summary>Number of tokens.</summary>
    public int Count => Ids.Count;

    /// <summary>One token of the text more.</summary>
    public void Add(int id, TextSpan span, int typeId = 0)
    {
        Ids.Add(id);
        Spans.Add(span);
        TypeIds.Add(typeId);
        Added.Add(false);
    }

    /// <summary>One token of the template more.</summary>
    public void AddSpecial(int id, int typeId)
    {
        Ids.Add(id);
        Spans.Add(default);
        TypeIds.Add(typeId);
        Added.Add(true);
    }

    /// <summary>The tokens of another row, all of one type.</summary>
    public void AddAll(TokenRow other, int? typeId = null)
    {
        Ids.AddRange(other.Ids);
        Spans.AddRange(other.Spans);
        TypeIds.AddRange(typeId is { } told ? Enumerable.Repeat(told, other.Count) : other.TypeIds);
        Added.AddRange(other.Added);
    }

    /// <summary>Takes away tokens from a place on.</summary>
    public void Remove(int start, int count)
    {
        Ids.RemoveRange(start, count);
        Spans.RemoveRange(start, count);
        TypeIds.RemoveRange(start, count);
        Added.RemoveRange(start, count);
    }
}
