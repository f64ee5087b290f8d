using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;

namespace Lowrank.House.Tests;

/// <summary>Adapters know no model, by strings either: what a component is called stands in the model's description.</summary>
public partial class ModelNamesTests
{
    // Another program's spelling that must be known before a model is, by the file that holds it.
    static readonly Dictionary<string, string> reasons = new()
    {
        ["KohyaMetadata.cs"] = "the names of kohya's fields",
        ["TargetPresets.cs"] = "LyCORIS's names of its presets",
        ["OneTrainerSpelling.cs"] = "how OneTrainer's keys begin, by which its files are recognized",
        ["ComfyUiSpelling.cs"] = "how ComfyUI's keys begin, by which its files are recognized",
        ["AutomaticEncoders.cs"] = "AUTOMATIC1111's names of encoders, by which a file of words alone is recognized",
        ["CloneofsimoLists.cs"] = "the names of cloneofsimo's files, and of the fields of their metadata",
    };

    [Fact]
    public void NoStringOfAdaptersNamesAModelsParts()
    {
        var found =
            from tree in SourceProject.Of("Lowrank.Adapters").Trees
            where !reasons.ContainsKey(Path.GetFileName(tree.FilePath))
            from token in tree.GetRoot().DescendantTokens()
            where token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken && ModelName().IsMatch(token.Text)
            select $"{Path.GetFileName(tree.FilePath)}: {token.Text}";
        Assert.Empty(found);
    }

    [Fact]
    public void EveryExceptionIsNeeded()
    {
        var named = SourceProject.Of("Lowrank.Adapters").Trees.Where(tree => tree.GetRoot().DescendantTokens()
            .Any(token => token.Kind() is SyntaxKind.StringLiteralToken && ModelName().IsMatch(token.Text)));
        Assert.Subset(named.Select(tree => Path.GetFileName(tree.FilePath)).ToHashSet(), reasons.Keys.ToHashSet());
    }

    [GeneratedRegex("unet|text_encoder|text_model|clip_[lgh]|(?<![a-z0-9])(te[12]|sd[12]|sdxl)(?![a-z0-9])")]
    private static partial Regex ModelName();
}
