namespace Lowrank.Torch;

/// <summary>Finds the layers of a model that can be adapted.</summary>
public static class AdaptableLayers
{
    /// <summary>
    /// Every adaptable layer under a module with its target, in module order: ours, TorchSharp's own (see <see cref="SealedLayer"/>), and
    /// those in TorchScript modules (see <see cref="ScriptModel"/>).
    /// </summary>
    /// <param name="root">The module.</param>
    /// <param name="component">What paths begin with, before a dot.</param>
    public static IReadOnlyList<(Target Target, IAdaptable Layer)> In(nn.Module root, string component)
    {
        EngineCure.Require();
        var found = new List<(Target, IAdaptable)>();
        if (root is ScriptModel whole) AddLayers(whole, component);
        foreach (var (path, module) in root.named_modules())
            if (module is ScriptModel script) AddLayers(script, $"{component}.{path}");
            else if ((module as IAdaptable ?? SealedLayer.Of(module)) is { } layer)
                found.Add((Target.Of($"{component}.{path}", layer), layer));
        return found;

        void AddLayers(ScriptModel script, string at)
        {
            foreach (var (path, layer) in script.Layers)
                found.Add((Target.Of(path.Length == 0 ? at : $"{at}.{path}", layer), layer));
        }
    }
}
