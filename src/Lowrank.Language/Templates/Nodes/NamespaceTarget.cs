namespace Lowrank.Language;

/// <summary>An attribute of a namespace that a value is given to.</summary>
sealed class NamespaceTarget(string space, string name) : AssignmentTarget
{
    /// <inheritdoc/>
    public override void Assign(TemplateScope scope, object value)
    {
        if (scope.Find(space) is not PythonNamespace owner)
            throw new TemplateFault(TemplateFault.Runtime, "cannot assign attribute on non-namespace object");
        owner.Set(name, value);
    }
}
