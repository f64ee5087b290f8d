using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lowrank.House.Tests;

/// <summary>In Lowrank.Training only <c>Pictures/</c> knows models and what is drawn: another kind of training stands beside it.</summary>
public class TrainingFolderTests
{
    static readonly string[] ofPictures = ["Lowrank.Diffusion", "Lowrank.Models"];

    [Fact]
    public void OnlyPicturesNamesDiffusionAndModels()
    {
        var project = SourceProject.Of("Lowrank.Training");
        var named =
            from tree in project.Trees
            where !project.FolderOf(tree.FilePath).StartsWith("Pictures", StringComparison.Ordinal)
            let model = project.Model(tree)
            from name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            let symbol = ModelExtensions.GetSymbolInfo(model, name).Symbol
            where symbol is not null and not INamespaceSymbol && ofPictures.Contains(symbol.ContainingAssembly?.Name)
            select $"{Path.GetFileName(tree.FilePath)} names {symbol.Name}";
        Assert.Empty(named.Distinct());
    }
}
