namespace Lowrank.Language;

/// <summary>The variables of a body, and those around it.</summary>
/// <param name="outer">The scope around it; null for the outermost.</param>
sealed class TemplateScope(TemplateScope? outer)
{
    readonly List<(string Name, object Value)> own = [];

    /// <summary>The outermost scope.</summary>
    public TemplateScope Outermost => outer?.Outermost ?? this;

    /// <summary>The value of a name here or around; null if there is none.</summary>
    public object? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
            foreach (var (known, value) in scope.own)
                if (ReferenceEquals(known, name) || known == name) return value;
        return Globals.All.GetValueOrDefault(name);
    }

    TemplateScope? Outer => outer;

    /// <summary>Sets a variable of this scope.</summary>
    public void Set(string name, object value)
    {
        for (int i = 0; i < own.Count; i++)
            if (own[i].Name == name)
            {
                own[i] = (own[i].Name, value);
                return;
            }
        own.Add((name, value));
    }
}
