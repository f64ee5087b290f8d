namespace Lowrank.Models;

/// <summary>What mlx-lm calls the modules of language models.</summary>
/// <remarks>Source: mlx-lm at d78bf58, models/gpt2.py and gpt_neox.py; the other families' are the published paths.</remarks>
static class MlxNames
{
    // How dialects ask for the program, and for its spelling of paths.
    const string Program = "mlx-lm", Spelling = "mlx";

    /// <summary>A component with the program's names of its layers.</summary>
    /// <param name="component">The component.</param>
    /// <param name="paths">They; null where they are the published ones.</param>
    public static ModelComponent Told(ModelComponent component, KeyMap? paths)
    {
        var alias = new ComponentAlias(ModelDescription.Whole) { Spelling = paths is null ? null : Spelling };
        var names = component.OtherNames.ToDictionary();
        if (paths is not null) names[Spelling] = paths;
        return component with
        {
            OtherNames = names,
            Aliases = new Dictionary<string, ComponentAlias>(component.Aliases) { [Program] = alias },
        };
    }
}
