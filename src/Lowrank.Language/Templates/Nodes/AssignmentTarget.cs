namespace Lowrank.Language;

/// <summary>What a value is given to: a name, several, or an attribute of a namespace.</summary>
abstract class AssignmentTarget
{
    /// <summary>Gives it the value.</summary>
    public abstract void Assign(TemplateScope scope, object value);

    /// <summary>The target that an expression is; null if it is none.</summary>
    public static AssignmentTarget? Of(TemplateExpression expression)
    {
        if (expression is VariableExpression variable) return new NameTarget(variable.Name);
        if (expression is NamespaceItem item) return new NamespaceTarget(item.Space, item.Name);
        if (expression is not SequenceLiteral { IsTuple: true } tuple) return null;
        var parts = tuple.Items.Select(Of).ToList();
        return parts.Contains(null) ? null : new TupleTarget(parts!);
    }
}
