using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lowrank.House.Tests;

/// <summary>A test as its source declares it.</summary>
sealed record TestMethod(string File, int Line, string Class, string Name)
{
    /// <summary>The folder that holds the tests.</summary>
    public static string Root { get; } = Path.Combine(GoldenFolder.Repository, "tests");

    /// <summary>Every test below it.</summary>
    public static IReadOnlyList<TestMethod> All { get; } = [.. Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories).SelectMany(In)];

    static IEnumerable<TestMethod> In(string file)
    {
        var tree = CSharpSyntaxTree.ParseText(System.IO.File.ReadAllText(file), new CSharpParseOptions(LanguageVersion.Preview), file);
        foreach (var method in tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().Where(IsTest))
        {
            int line = tree.GetLineSpan(method.Identifier.Span).StartLinePosition.Line + 1;
            string owner = ((TypeDeclarationSyntax)method.Parent!).Identifier.Text;
            yield return new(Path.GetRelativePath(Root, file), line, owner, method.Identifier.Text);
        }
    }

    static bool IsTest(MethodDeclarationSyntax method) =>
        method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() is "Fact" or "Theory");

    public override string ToString() => $"{File}({Line}): {Name}";
}
