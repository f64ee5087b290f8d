namespace Lowrank.Training;

/// <summary>What stands behind a name.</summary>
enum YamlKind
{
    Text,
    List,
    Mapping,
    ListOfMappings,
}
