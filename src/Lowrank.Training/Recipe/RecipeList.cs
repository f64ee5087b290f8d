namespace Lowrank.Training;

/// <summary>What the texts of a list field are.</summary>
public enum RecipeList
{
    /// <summary>Any texts.</summary>
    Texts,

    /// <summary>name=value each; a file may give one mapping in place of the list.</summary>
    Pairs,

    /// <summary>Several name=value each, with spaces between; a file may give a mapping for each.</summary>
    Mappings,
}
