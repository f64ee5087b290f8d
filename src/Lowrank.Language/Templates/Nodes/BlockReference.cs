namespace Lowrank.Language;

/// <summary>What "self" is: the blocks of the template by name.</summary>
sealed class BlockReference(IReadOnlyDictionary<string, BlockStatement> blocks, TemplateScope outermost) : IHasAttributes
{
    /// <inheritdoc/>
    public object? Attribute(string name) => blocks.TryGetValue(name, out var block)
        ? new TemplateFunction(name, (run, _) => run.Nested(() => run.Captured(() => block.Render(run, outermost))))
        : null;
}
