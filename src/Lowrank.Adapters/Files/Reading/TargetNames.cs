namespace Lowrank.Adapters;

/// <summary>What a dialect calls the targets of a model.</summary>
static class TargetNames
{
    /// <summary>The targets by every name that files have for them.</summary>
    /// <exception cref="LowrankException">Two layers are written under one name.</exception>
    public static Dictionary<string, Target> Of(ModelDescription model, Dialect dialect)
    {
        // The name that is written must be one layer's alone; another name that several have is the first one's.
        var spellings = new Dictionary<string, Target>();
        var others = new List<(string, Target)>();
        foreach (var component in model.Components)
            foreach (var (target, _) in component.Targets)
            {
                var names = dialect.Spelling.Names(model, component, target).ToList();
                if (names.Count == 0) continue;
                if (!spellings.TryAdd(names[0], target))
                    throw new LowrankException(
                        $"{dialect.Name} spells two layers as {names[0]}: {spellings[names[0]].Path} and {target.Path}");
                others.AddRange(names.Skip(1).Select(name => (name, target)));
            }
        foreach (var (name, target) in others) spellings.TryAdd(name, target);
        return spellings;
    }
}
