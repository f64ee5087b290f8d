using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lowrank.House.Tests;

/// <summary>
/// In Lowrank.Training only <c>Pictures/</c> knows what is drawn, and only <c>Language/</c> what is written: a kind of training stands
/// beside another.
/// </summary>
public class TrainingFolderTests
{
    // What each kind of training knows, and no other folder does.
    public static TheoryData<string, string[]> Kinds => new()
    {
        { "Lowrank.Diffusion", ["Pictures"] },
        { "Lowrank.Language", ["Language"] },
        { "Lowrank.Models", ["Pictures", "Language"] },
    };

    [Theory, MemberData(nameof(Kinds))]
    public void OnlyAKindsOwnFolderNamesItsModels(string assembly, string[] folders)
    {
        var project = SourceProject.Of("Lowrank.Training");
        var named =
            from tree in project.Trees
            where !folders.Contains(project.FolderOf(tree.FilePath).Split('/')[0])
            let model = project.Model(tree)
            from name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            let symbol = ModelExtensions.GetSymbolInfo(model, name).Symbol
            where symbol is not null and not INamespaceSymbol && symbol.ContainingAssembly?.Name == assembly
            select $"{Path.GetFileName(tree.FilePath)} names {symbol.Name}";
        Assert.Empty(named.Distinct());
    }
}
