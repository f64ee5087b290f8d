namespace Lowrank.Language;

/// <summary>A name that a value is given to.</summary>
sealed class NameTarget(string name) : AssignmentTarget
{
    /// <inheritdoc/>
    public override void Assign(TemplateScope scope, object value) => scope.Set(name, value);
}
