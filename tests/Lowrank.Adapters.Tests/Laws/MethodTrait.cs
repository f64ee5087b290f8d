namespace Lowrank.Adapters.Tests;

/// <summary>Says of a case which method it is about, so that <c>./test laws METHOD</c> runs one method's alone.</summary>
static class MethodTrait
{
    /// <summary>The trait's name, which <c>./test</c> filters by.</summary>
    public const string Name = "method";

    /// <summary>The same case, marked.</summary>
    public static TRow OfMethod<TRow>(this TRow row, MethodDescriptor method) where TRow : TheoryDataRowBase
    {
        row.Traits[Name] = [method.Name];
        return row;
    }
}
