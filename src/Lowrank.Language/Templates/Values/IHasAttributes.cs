namespace Lowrank.Language;

/// <summary>A value with attributes by name, as a loop or a macro is.</summary>
interface IHasAttributes
{
    /// <summary>The attribute of that name; null if there is none.</summary>
    object? Attribute(string name);
}
