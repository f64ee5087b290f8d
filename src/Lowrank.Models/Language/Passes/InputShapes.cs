namespace Lowrank.Models;

/// <summary>Whether the parts of an input fit each other.</summary>
static class InputShapes
{
    /// <summary>Looks at shapes alone.</summary>
    /// <exception cref="ShapeException">They do not.</exception>
    public static void Check(LanguageInput input)
    {
        if (input.Ids.dim() != 2) throw new ShapeException($"token ids have the shape {input.Ids.shape.Text()}, and are (batch, tokens)");
        var (batch, tokens) = input.Ids.shape;
        if (batch == 0 || tokens == 0) throw new ShapeException($"token ids {input.Ids.shape.Text()} hold no token");
        long seen = input.Cache?.Length ?? 0;
        CheckOne(input.Mask, "a mask", batch, seen + tokens);
        CheckOne(input.Positions, "positions", batch, tokens);
        CheckOne(input.Documents, "documents", batch, tokens);
        CheckOne(input.Types, "types", batch, tokens);
        if (input.Documents is not null && seen > 0)
            throw new ShapeException("rows of several documents cannot go on after a cache; run them whole");
        if (input.Embeddings is { } given && (given.dim() != 3 || given.shape[0] != batch || given.shape[1] != tokens))
            throw new ShapeException($"embeddings have the shape {given.shape.Text()}, and ids {input.Ids.shape.Text()} want " +
                $"({batch}, {tokens}, width)");
    }

    static void CheckOne(Tensor? given, string what, long batch, long length)
    {
        if (given is null || given.shape.AsSpan().SequenceEqual([batch, length])) return;
        throw new ShapeException($"{what} of shape {given.shape.Text()} does not fit: it must be ({batch}, {length}), for all tokens " +
            "with those in a cache where it is a mask, else for the new ones");
    }
}
