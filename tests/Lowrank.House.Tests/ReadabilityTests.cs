using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lowrank.House.Tests;

/// <summary>What tires a reader, counted: wide lines, long functions, many decisions in one.</summary>
public class ReadabilityTests
{
    const int Width = 140, Lines = 60, Decisions = 15;

    public static IEnumerable<TheoryDataRow<string>> Projects => SourceProject.Names.Select(name => new TheoryDataRow<string>(name));

    [Theory, MemberData(nameof(Projects))]
    public void NoLineIsWiderThanTheEditorConfigSays(string project) => Empty(
        from file in SourceProject.Of(project).Files
        from line in File.ReadAllLines(file).Index()
        where line.Item.Length > Width
        select $"{file}({line.Index + 1}): {line.Item.Length} characters");

    [Theory, MemberData(nameof(Projects))]
    public void NoFunctionIsLongerThanAScreen(string project) => Empty(
        from function in Functions(project)
        let lines = function.GetText().Lines.Count
        where lines > Lines
        select $"{At(function)}: {lines} lines");

    [Theory, MemberData(nameof(Projects))]
    public void NoFunctionHoldsMoreDecisionsThanAReaderKeeps(string project) => Empty(
        from function in Functions(project)
        let decisions = Parts(function).Count(IsDecision)
        where decisions > Decisions
        select $"{At(function)}: {decisions} decisions");

    static IEnumerable<SyntaxNode> Functions(string project) => SourceProject.Of(project).Trees.SelectMany(tree => tree.GetRoot().DescendantNodes()).Where(IsFunction);

    static bool IsFunction(SyntaxNode node) => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax;

    // What a function holds, but for the functions inside it, which count by themselves.
    static IEnumerable<SyntaxNode> Parts(SyntaxNode function) => function.DescendantNodes(node => node == function || !IsFunction(node));

    static bool IsDecision(SyntaxNode node) => node.Kind() is
        SyntaxKind.IfStatement or SyntaxKind.WhileStatement or SyntaxKind.DoStatement or SyntaxKind.ForStatement or SyntaxKind.ForEachStatement
        or SyntaxKind.ForEachVariableStatement or SyntaxKind.CaseSwitchLabel or SyntaxKind.CasePatternSwitchLabel or SyntaxKind.SwitchExpressionArm
        or SyntaxKind.ConditionalExpression or SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression or SyntaxKind.CoalesceExpression
        or SyntaxKind.CoalesceAssignmentExpression or SyntaxKind.CatchClause or SyntaxKind.AndPattern or SyntaxKind.OrPattern or SyntaxKind.WhenClause;

    static string At(SyntaxNode node)
    {
        var place = node.GetLocation().GetLineSpan();
        string name = node switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            LocalFunctionStatementSyntax local => local.Identifier.Text,
            ConstructorDeclarationSyntax => "constructor",
            _ => node.Kind().ToString(),
        };
        return $"{place.Path}({place.StartLinePosition.Line + 1}): {name}";
    }

    static void Empty(IEnumerable<string> faults)
    {
        var all = faults.ToList();
        Assert.True(all.Count == 0, $"{all.Count} places:{Environment.NewLine}{string.Join(Environment.NewLine, all)}");
    }
}
