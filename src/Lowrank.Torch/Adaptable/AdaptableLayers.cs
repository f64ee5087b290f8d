namespace Lowrank.Torch;

/// <summary>Finds the layers of a model that can be adapted.</summary>
public static class AdaptableLayers
{
    /// <summary>
    /// Every adaptable layer under a module with its target, in module order: ours, TorchSharp's own (see <see cref="SealedLayer"/> and
    /// <see cref="SealedWeight"/>), and those in TorchScript modules (see <see cref="ScriptModel"/>). A layer that stands in two places
    /// comes once.
    /// </summary>
    /// <param name="root">The module.</param>
    /// <param name="component">What paths begin with, before a dot.</param>
    public static IReadOnlyList<(Target Target, IAdaptable Layer)> In(nn.Module root, string component)
    {
        EngineCure.Require();
        var met = new HashSet<IAdaptable>(ReferenceEqualityComparer.Instance);
        return [.. Places(root, component).Where(place => met.Add(place.Layer)).Select(p => (Target.Of(p.Path, p.Layer), p.Layer))];
    }

    /// <summary>The layers that stand in more than one place, once for each place after the first.</summary>
    /// <param name="root">The module.</param>
    /// <param name="component">What paths begin with, before a dot.</param>
    public static IReadOnlyList<SharedLayer> SharedIn(nn.Module root, string component)
    {
        var first = new Dictionary<IAdaptable, string>(ReferenceEqualityComparer.Instance);
        return
        [
            .. from place in Places(root, component)
               where !first.TryAdd(place.Layer, place.Path)
               select new SharedLayer(first[place.Layer], place.Path),
        ];
    }

    /// <summary>
    /// What has parameters under a module and cannot be adapted, with the reason, in module order: nothing is passed over in silence.
    /// </summary>
    /// <param name="root">The module.</param>
    /// <param name="component">What paths begin with, before a dot.</param>
    public static IReadOnlyList<UnadaptableLayer> UnadaptableIn(nn.Module root, string component)
    {
        using var scope = NewDisposeScope();   // some of TorchSharp's getters make a handle
        var modules = root.named_modules().Prepend((name: "", module: root));
        var listed = modules.SelectMany(place => UnadaptableLayer.At(Joined(component, place.name), place.module));
        bool isLayer = root is IAdaptable || SealedLayer.Of(root) is not null || SealedModule.Of(root) is { Weights: [{ Name: "" }] };
        if (!isLayer) return [.. listed];
        const string Reason = "it is the model itself, and layers are adapted within one; put it into a module, such as nn.Sequential";
        return [new(component, root.GetType().Name, Reason)];
    }

    static string Joined(string component, string path) => path.Length == 0 ? component : $"{component}.{path}";

    static IEnumerable<(string Path, IAdaptable Layer)> Places(nn.Module root, string component)
    {
        if (root is ScriptModel whole)
            foreach (var place in Scripted(whole, component)) yield return place;
        if (SealedModule.Of(root) is { } itself)
            foreach (var weight in itself.Weights)
                if (weight.Name.Length > 0) yield return ($"{component}.{weight.Name}", weight);
        foreach (var (path, module) in root.named_modules())
            if (module is ScriptModel script)
            {
                foreach (var place in Scripted(script, $"{component}.{path}")) yield return place;
            }
            else if (module is IStackedLayers stacked)
            {
                foreach (var matrix in stacked.Matrices) yield return ($"{component}.{path}.{matrix.Name}", matrix);
            }
            else if ((module as IAdaptable ?? SealedLayer.Of(module)) is { } layer) yield return ($"{component}.{path}", layer);
            else if (SealedModule.Of(module) is { } several)
                foreach (var weight in several.Weights)
                    yield return (weight.Name.Length == 0 ? $"{component}.{path}" : $"{component}.{path}.{weight.Name}", weight);
    }

    static IEnumerable<(string Path, IAdaptable Layer)> Scripted(ScriptModel script, string at) =>
        script.Layers.Select(found => (found.Path.Length == 0 ? at : $"{at}.{found.Path}", (IAdaptable)found.Layer));
}
