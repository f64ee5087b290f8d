namespace Lowrank.Language;

/// <summary>{% for %}.</summary>
/// <param name="place">Where it stands.</param>
/// <param name="target">What gets the items.</param>
/// <param name="items">Where they come from.</param>
/// <param name="condition">Which of them count; null for all.</param>
/// <param name="isRecursive">Whether loop(...) goes down.</param>
/// <param name="body">What is done for each.</param>
/// <param name="otherwise">What is done where no round came to its end.</param>
sealed class ForStatement(
    TemplatePlace place, AssignmentTarget target, TemplateExpression items, TemplateExpression? condition, bool isRecursive,
    TemplateBody body, TemplateBody otherwise)
    : TemplateStatement(place)
{
    /// <inheritdoc/>
    public override TemplateFlow Render(TemplateRun run, TemplateScope scope)
    {
        object over = items.Evaluate(run, scope);
        Loop(run, scope, over, 0);
        return TemplateFlow.Next;
    }

    void Loop(TemplateRun run, TemplateScope scope, object over, int depth)
    {
        var all = PythonTypes.Items(over);
        bool isCounted = condition is null && over is not PythonGenerator;
        int? length = isCounted && PythonTypes.LengthOrNull(over) is { } known ? (int)known : null;
        Func<object, object>? down = isRecursive ? inner => run.Nested(() => run.Captured(() => Loop(run, scope, inner, depth + 1))) : null;
        var loop = new LoopContext(condition is null ? all : Chosen(all, run, scope), length, depth, down);
        bool hasFinished = false;
        while (loop.MoveNext())
        {
            Count(run);
            var inner = new TemplateScope(scope);
            inner.Set("loop", loop);
            target.Assign(inner, loop.Current);
            var flow = body.Render(run, inner);
            if (flow == TemplateFlow.Break) break;
            hasFinished |= flow == TemplateFlow.Next;
        }
        if (!hasFinished) otherwise.Render(run, new TemplateScope(scope));
    }

    // A loop that has no end is told with its own place, not with that of what it did last.
    void Count(TemplateRun run)
    {
        run.At(Place.Line, Place.Column);
        run.CountRound();
    }

    // Asked item by item: what a round sets in a namespace decides about the next.
    IEnumerable<object> Chosen(IEnumerable<object> all, TemplateRun run, TemplateScope scope)
    {
        foreach (object item in all)
        {
            Count(run);
            var inner = new TemplateScope(scope);
            target.Assign(inner, item);
            if (condition!.Holds(run, inner)) yield return item;
        }
    }
}
