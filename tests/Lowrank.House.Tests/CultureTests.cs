using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Lowrank.House.Tests;

/// <summary>What is written reads the same under every culture: numbers with a fraction, and dates, are never put into a text by the machine's own.</summary>
/// <remarks>CA1305 holds the calls that take a culture; what is put into a text by <c>$"{}"</c>, by <c>+</c> or by <c>string.Join</c> takes none.</remarks>
public class CultureTests
{
    static readonly HashSet<string> dependent = ["Double", "Single", "Half", "Decimal", "DateTime", "DateTimeOffset", "DateOnly", "TimeOnly"];

    // Of these a format may ask for the culture's groups.
    static readonly HashSet<string> integers = ["Int64", "Int32", "Int16", "UInt64", "UInt32", "UInt16", "Byte", "IntPtr"];

    public static IEnumerable<TheoryDataRow<string>> Projects => SourceProject.Names.Select(name => new TheoryDataRow<string>(name));

    [Theory, MemberData(nameof(Projects))]
    public void NoNumberIsWrittenByTheMachinesCulture(string project)
    {
        var faults = Texts(SourceProject.Of(project)).Where(one => !one.IsInvariant).Select(one => Told(one.Value)).ToList();
        Assert.True(faults.Count == 0, $"{faults.Count} places:{Environment.NewLine}{string.Join(Environment.NewLine, faults)}");
    }

    [Fact]
    public void NumbersInTextsAreFoundAtAll() =>
        Assert.Contains(SourceProject.Names, project => Texts(SourceProject.Of(project)).Any(one => one.IsInvariant));

    static IEnumerable<(IOperation Value, bool IsInvariant)> Texts(SourceProject project)
    {
        foreach (var tree in project.Trees)
        {
            var model = project.Model(tree);
            foreach (var node in tree.GetRoot().DescendantNodes())
                if (node is InterpolationSyntax hole)
                {
                    var value = model.GetOperation(hole.Expression);
                    if (value is not null && Depends(value.Type, hole.FormatClause?.FormatStringToken.ValueText)) yield return (value, IsTold(hole, model));
                }
                else if (node is BinaryExpressionSyntax or InvocationExpressionSyntax)
                    foreach (var value in Joined(model.GetOperation(node))) yield return (value, false);
        }
    }

    static bool Depends(ITypeSymbol? type, string? format = null)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable) type = nullable.TypeArguments[0];
        return type is { ContainingNamespace.Name: "System" } && (dependent.Contains(type.Name) || integers.Contains(type.Name) && format?.IndexOfAny([.. "nNcCpPeE,.%"]) >= 0);
    }

    // The text stands in string.Create(culture, ...), or in another call that is told the culture (CA1305 sees to that).
    static bool IsTold(InterpolationSyntax hole, SemanticModel model)
    {
        SyntaxNode text = hole.Parent!;
        while (text.Parent is BinaryExpressionSyntax or ParenthesizedExpressionSyntax) text = text.Parent;
        var type = model.GetTypeInfo(text).ConvertedType;
        return type?.Name is "FormattableString" or "DefaultInterpolatedStringHandler" or "AppendInterpolatedStringHandler";
    }

    static IEnumerable<IOperation> Joined(IOperation? operation) => operation switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum =>
            new[] { sum.LeftOperand, sum.RightOperand }.Where(one => one is IConversionOperation { Operand.Type: var from } && Depends(from)),
        IInvocationOperation { TargetMethod: { Name: "Join" or "Concat", ContainingType.SpecialType: SpecialType.System_String } method } call
            when method.TypeArguments.Any(type => Depends(type)) => [call],
        _ => [],
    };

    static string Told(IOperation value)
    {
        var place = value.Syntax.GetLocation().GetLineSpan();
        return $"{place.Path}({place.StartLinePosition.Line + 1}): {value.Syntax}";
    }
}
