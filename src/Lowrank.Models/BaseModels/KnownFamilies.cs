using System.Text.RegularExpressions;

namespace Lowrank.Models;

/// <summary>The families that an adapter's names and widths may tell, whichever model it is read for.</summary>
static partial class KnownFamilies
{
    /// <summary>The list; the first that is told counts.</summary>
    public static IReadOnlyList<ModelFamily> All { get; } = [.. OtherFamilies.All, .. LanguageFamilies.All, .. StableDiffusionFamilies.All];

    /// <summary>The same beside a language model, from which pictures' models of any width are told by their blocks.</summary>
    public static IReadOnlyList<ModelFamily> BesideLanguage { get; } =
    [
        .. All,
        new("stable-diffusion") { Title = "Stable Diffusion", IsToldBy = static (key, _) => Blocks().IsMatch(key) },
    ];

    [GeneratedRegex(@"(^|[._])((down|up|input|output)_blocks?|mid(dle)?_block|text_model[._]encoder)[._]")]
    private static partial Regex Blocks();
}
