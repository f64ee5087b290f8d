namespace Lowrank.Workbench;

/// <summary>Something that a running job tells: <see cref="JobProgress"/> or <see cref="JobNote"/>.</summary>
public abstract record JobEvent;
