using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lowrank.House.Tests;

/// <summary>Libraries speak of their own arguments, and jobs of fields: which option of the command line sets one, the command line says.</summary>
public partial class CommandLineWordsTests
{
    // What the demos tell their users to type.
    static readonly string[] commands = ["DemoTexts.cs", "LanguageDemoTexts.cs"];

    [GeneratedRegex("(^|[ (])--[a-z][a-z-]+")]
    private static partial Regex Option();

    [Theory]
    [InlineData("Lowrank.Torch"), InlineData("Lowrank.Formats"), InlineData("Lowrank.Models"), InlineData("Lowrank.Adapters")]
    [InlineData("Lowrank.Diffusion"), InlineData("Lowrank.Graphs"), InlineData("Lowrank.Training"), InlineData("Lowrank.Workbench")]
    public void NoTextOfALibraryNamesAnOption(string project)
    {
        int texts = 0;
        var faults = new List<string>();
        foreach (var tree in SourceProject.Of(project).Trees.Where(tree => !commands.Contains(Path.GetFileName(tree.FilePath))))
            foreach (var token in tree.GetRoot(TestContext.Current.CancellationToken).DescendantTokens().Where(IsText))
            {
                texts++;
                if (Option().IsMatch(token.ValueText)) faults.Add($"{tree.FilePath}: \"{token.ValueText}\"");
            }
        Assert.NotEqual(0, texts);
        Assert.Empty(faults);
    }

    static bool IsText(SyntaxToken token) => token.Parent is LiteralExpressionSyntax or InterpolatedStringTextSyntax && token.Value is string;
}
