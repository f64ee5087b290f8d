namespace Lowrank.Models;

/// <summary>Looks into a part's weights, as every layout reports them.</summary>
static class PartInspection
{
    /// <summary>Reports on a part that is open, and stays so. Position ids are no weights.</summary>
    internal static ComponentReport Of(string name, string className, ITensorFile file) =>
        ComponentReport.Of(name, className, file.Path, file.Tensors.Where(tensor => !ClipTextModel.IsPositionIds(tensor.Name)));
}
