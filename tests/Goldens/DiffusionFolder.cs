using Lowrank.Testing;

namespace Goldens;

/// <summary>Model folders of the diffusion goldens: a case names them relative to the folder that holds its group.</summary>
static class DiffusionFolder
{
    public static string Of(GoldenCase golden, string fact) => Path.Combine(Path.GetDirectoryName(golden.Group.Folder)!, golden[fact].GetString()!);
}
